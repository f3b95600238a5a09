package io.joblet.storage.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.joblet.storage.problem.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Problems as gRPC statuses with the details of google.rpc (error_details.proto): always an
 * ErrorInfo with a reason for programs, and what belongs to the code.
 */
final class ProblemStatus {
  private static final Logger LOG = Logger.getLogger(ProblemStatus.class);
  private static final String DOMAIN = "storage.joblet.io";

  /** Whoever was in between needs no longer than that for most changes. */
  private static final java.time.Duration CONFLICT_PAUSE = java.time.Duration.ofMillis(100);

  private ProblemStatus() {}

  /** {@link #of(Throwable, String, boolean)} for who sees only what is its own. */
  static StatusRuntimeException of(Throwable failure, String requestId) {
    return of(failure, requestId, false);
  }

  /**
   * What the caller gets; the unexpected gets an id that is also in the log, and no more.
   *
   * @param requestId the caller's, or empty
   * @param seesAll whether the caller may know what all owners have together
   */
  static StatusRuntimeException of(Throwable failure, String requestId, boolean seesAll) {
    if (failure instanceof Problem problem) {
      return of(problem, requestId, seesAll);
    }
    if (failure instanceof StatusRuntimeException status) {
      return status;
    }
    Incident incident = Incident.of(requestId);
    LOG.errorf(failure, "incident %s", incident.id());
    return internal("UNEXPECTED", "internal error", incident);
  }

  private static StatusRuntimeException of(Problem problem, String requestId, boolean seesAll) {
    String message =
        seesAll && problem instanceof Problem.Exhausted exhausted
            ? exhausted.whole()
            : problem.getMessage();
    return switch (problem) {
      case Problem.Invalid p ->
          status(
              Code.INVALID_ARGUMENT,
              message,
              reason("INVALID_REQUEST"),
              badRequest(p.violations()));
      case Problem.OutOfRange p ->
          status(
              Code.OUT_OF_RANGE,
              message,
              reason(p.when().name()),
              badRequest(List.of(p.violation())));
      case Problem.Unauthenticated p ->
          status(Code.UNAUTHENTICATED, message, reason("UNAUTHENTICATED"));
      case Problem.Denied p ->
          status(
              Code.PERMISSION_DENIED,
              message,
              reason(
                  "ROLE_NOT_ALLOWED",
                  Map.of("role", p.role(), "operation", p.operation(), "needs", p.needed())));
      case Problem.NotFound p ->
          status(
              Code.NOT_FOUND,
              message,
              reason(constant(p.type()) + "_NOT_FOUND"),
              resource(p.type(), p.name(), message));
      case Problem.AlreadyExists p ->
          status(
              Code.ALREADY_EXISTS,
              message,
              reason("ALREADY_EXISTS", p.differences()),
              resource(p.type(), p.name(), ""));
      case Problem.InTheWay p ->
          status(
              Code.FAILED_PRECONDITION,
              message,
              reason(constant(p.type()) + "_IN_THE_WAY"),
              PreconditionFailure.newBuilder()
                  .addViolations(
                      PreconditionFailure.Violation.newBuilder()
                          .setType(p.type())
                          .setSubject(p.subject())
                          .setDescription(message))
                  .build());
      case Problem.Exhausted p ->
          status(
              Code.RESOURCE_EXHAUSTED,
              p.limit() + ": " + message,
              reason("LIMIT_REACHED"),
              QuotaFailure.newBuilder()
                  .addViolations(
                      QuotaFailure.Violation.newBuilder()
                          .setSubject(p.limit())
                          .setDescription(message))
                  .build());
      case Problem.Conflict p ->
          status(Code.ABORTED, message, reason("CHANGED_MEANWHILE"), retry(CONFLICT_PAUSE));
      case Problem.Unavailable p -> {
        if (p.getCause() != null) {
          LOG.warnf(p.getCause(), "unavailable: %s", message);
        }
        yield status(Code.UNAVAILABLE, message, reason("UNAVAILABLE"), retry(p.retryAfter()));
      }
      case Problem.HostFailed p -> {
        Incident incident = Incident.of(requestId);
        LOG.errorf(p, "incident %s, the host failed: %s", incident.id(), message);
        yield internal("HOST_FAILED", Incident.withoutPaths(message), incident);
      }
    };
  }

  private static StatusRuntimeException internal(String reason, String message, Incident incident) {
    return status(
        Code.INTERNAL,
        message + "; the daemon's log has it as " + incident.id(),
        reason(reason),
        RequestInfo.newBuilder().setRequestId(incident.id()).build());
  }

  private static ErrorInfo reason(String reason) {
    return reason(reason, Map.of());
  }

  private static ErrorInfo reason(String reason, Map<String, String> metadata) {
    return ErrorInfo.newBuilder()
        .setReason(reason)
        .setDomain(DOMAIN)
        .putAllMetadata(metadata)
        .build();
  }

  private static String constant(String type) {
    return type.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
  }

  private static ResourceInfo resource(String type, String name, String description) {
    return ResourceInfo.newBuilder()
        .setResourceType(type)
        .setResourceName(name)
        .setDescription(description)
        .build();
  }

  /** With a question mark for half of a surrogate pair, which a field's name in JSON can have. */
  private static String inUtf8(String text) {
    return new String(text.getBytes(UTF_8), UTF_8);
  }

  private static BadRequest badRequest(List<Problem.Violation> violations) {
    BadRequest.Builder details = BadRequest.newBuilder();
    for (Problem.Violation violation : violations) {
      details.addFieldViolations(
          BadRequest.FieldViolation.newBuilder()
              .setField(inUtf8(violation.field()))
              .setDescription(inUtf8(violation.rule())));
    }
    return details.build();
  }

  private static RetryInfo retry(java.time.Duration after) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            Duration.newBuilder().setSeconds(after.getSeconds()).setNanos(after.getNano()))
        .build();
  }

  private static StatusRuntimeException status(
      Code code, String message, ErrorInfo reason, Message... details) {
    Status.Builder status =
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(inUtf8(message))
            .addDetails(Any.pack(reason));
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
