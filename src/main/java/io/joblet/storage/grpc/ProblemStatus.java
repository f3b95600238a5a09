package io.joblet.storage.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.QuotaFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.joblet.storage.problem.Problem;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Problems as gRPC statuses with the details of google.rpc (error_details.proto). */
final class ProblemStatus {
  private static final Logger LOG = Logger.getLogger(ProblemStatus.class);
  private static final String DOMAIN = "storage.joblet.io";

  private ProblemStatus() {}

  /** What the caller gets; the unexpected gets a number that is also in the log, and no more. */
  static StatusRuntimeException of(Throwable failure) {
    if (failure instanceof Problem problem) {
      return of(problem);
    }
    if (failure instanceof StatusRuntimeException status) {
      return status;
    }
    String incident = UUID.randomUUID().toString();
    LOG.errorf(failure, "incident %s", incident);
    return status(
        Code.INTERNAL, "internal error; the daemon's log has it as " + incident, List.of());
  }

  private static StatusRuntimeException of(Problem problem) {
    String message = problem.getMessage();
    return switch (problem) {
      case Problem.Invalid p -> status(Code.INVALID_ARGUMENT, message, List.of(badRequest(p)));
      case Problem.NotFound p ->
          status(
              Code.NOT_FOUND,
              message,
              List.of(
                  ResourceInfo.newBuilder()
                      .setResourceType(p.type())
                      .setResourceName(p.name())
                      .setDescription(message)
                      .build()));
      case Problem.AlreadyExists p ->
          status(
              Code.ALREADY_EXISTS,
              message,
              List.of(
                  ErrorInfo.newBuilder()
                      .setReason("ALREADY_EXISTS")
                      .setDomain(DOMAIN)
                      .putAllMetadata(p.differences())
                      .build(),
                  ResourceInfo.newBuilder()
                      .setResourceType(p.type())
                      .setResourceName(p.name())
                      .build()));
      case Problem.InTheWay p ->
          status(
              Code.FAILED_PRECONDITION,
              message,
              List.of(
                  PreconditionFailure.newBuilder()
                      .addViolations(
                          PreconditionFailure.Violation.newBuilder()
                              .setType(p.type())
                              .setSubject(p.subject())
                              .setDescription(message))
                      .build()));
      case Problem.Exhausted p ->
          status(
              Code.RESOURCE_EXHAUSTED,
              p.limit() + ": " + message,
              List.of(
                  QuotaFailure.newBuilder()
                      .addViolations(
                          QuotaFailure.Violation.newBuilder()
                              .setSubject(p.limit())
                              .setDescription(message))
                      .build()));
      case Problem.Conflict p -> status(Code.ABORTED, message, List.of());
      case Problem.Unavailable p -> {
        LOG.warnf(p.getCause(), "unavailable: %s", message);
        yield status(Code.UNAVAILABLE, message, List.of(retry(p.retryAfter())));
      }
      case Problem.HostFailed p -> {
        LOG.errorf(p, "the host failed: %s", message);
        yield status(Code.INTERNAL, message, List.of());
      }
    };
  }

  private static BadRequest badRequest(Problem.Invalid problem) {
    BadRequest.Builder details = BadRequest.newBuilder();
    for (Problem.Violation violation : problem.violations()) {
      details.addFieldViolations(
          BadRequest.FieldViolation.newBuilder()
              .setField(violation.field())
              .setDescription(violation.rule()));
    }
    return details.build();
  }

  private static RetryInfo retry(java.time.Duration after) {
    return RetryInfo.newBuilder()
        .setRetryDelay(Duration.newBuilder().setSeconds(after.toSeconds()))
        .build();
  }

  private static StatusRuntimeException status(
      Code code, String message, List<? extends Message> details) {
    Status.Builder status = Status.newBuilder().setCode(code.getNumber()).setMessage(message);
    details.forEach(d -> status.addDetails(Any.pack(d)));
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
