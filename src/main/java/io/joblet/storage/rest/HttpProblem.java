package io.joblet.storage.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.joblet.storage.problem.Problem.OutOfRange.When;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A refusal as problem details (RFC 9457): what gRPC says, with the status of HTTP. Members beside
 * the standard ones: {@code reason} for programs, {@code errors} by field, {@code request_id} by
 * which the daemon's log knows it, and what the kind of problem has.
 *
 * @param retryAfterSeconds when to try again
 */
public record HttpProblem(int status, ObjectNode body, OptionalLong retryAfterSeconds) {
  static final String TYPE = "application/problem+json";
  private static final String URN = "urn:joblet:problem:";

  /** What kind of problem it is, in a few words. */
  public String title() {
    return body.get("title").textValue();
  }

  /** What is wrong, as a sentence for the caller. */
  public String detail() {
    return body.get("detail").textValue();
  }

  static HttpProblem of(int status, String title, String reason, String detail) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", URN + reason.toLowerCase(Locale.ROOT).replace('_', '-'));
    body.put("title", title);
    body.put("status", status);
    body.put("detail", detail);
    body.put("reason", reason);
    return new HttpProblem(status, body, OptionalLong.empty());
  }

  /**
   * As gRPC refuses.
   *
   * @param conditional whether the request named a version: a conflict is then that it is another
   */
  public static HttpProblem of(StatusRuntimeException refusal, boolean conditional) {
    Code code = refusal.getStatus().getCode();
    Status details = StatusProto.fromThrowable(refusal);
    ObjectNode members = JsonNodeFactory.instance.objectNode();
    OptionalLong retry = OptionalLong.empty();
    String reason = code.name();
    for (Any detail : details.getDetailsList()) {
      reason = detail.is(ErrorInfo.class) ? unpack(detail, ErrorInfo.class).getReason() : reason;
      retry = detail.is(RetryInfo.class) ? seconds(unpack(detail, RetryInfo.class)) : retry;
      add(members, detail);
    }
    // What is kept no longer was there once; what has not been yet is a mistake of the caller's.
    boolean mistaken = code == Code.OUT_OF_RANGE && reason.equals(When.NOT_YET.name());
    Code shown = mistaken ? Code.INVALID_ARGUMENT : code;
    int status = conditional && code == Code.ABORTED ? 412 : status(shown);
    HttpProblem problem = of(status, title(shown), reason, details.getMessage());
    problem.body.setAll(members);
    // To wait helps where somebody is at work now, and not where somebody was.
    return new HttpProblem(status, problem.body, status == 412 ? OptionalLong.empty() : retry);
  }

  private static void add(ObjectNode members, Any detail) {
    if (detail.is(BadRequest.class)) {
      ArrayNode errors = members.putArray("errors");
      unpack(detail, BadRequest.class)
          .getFieldViolationsList()
          .forEach(
              v -> errors.addObject().put("field", v.getField()).put("rule", v.getDescription()));
    } else if (detail.is(ErrorInfo.class)) {
      unpack(detail, ErrorInfo.class).getMetadataMap().forEach(members.putObject("about")::put);
      if (members.get("about").isEmpty()) {
        members.remove("about");
      }
    } else if (detail.is(PreconditionFailure.class)) {
      unpack(detail, PreconditionFailure.class)
          .getViolationsList()
          .forEach(v -> members.put("in_the_way", v.getSubject()));
    } else if (detail.is(QuotaFailure.class)) {
      unpack(detail, QuotaFailure.class)
          .getViolationsList()
          .forEach(v -> members.put("limit", v.getSubject()));
    } else if (detail.is(RequestInfo.class)) {
      members.put("request_id", unpack(detail, RequestInfo.class).getRequestId());
    }
  }

  private static OptionalLong seconds(RetryInfo retry) {
    return OptionalLong.of(Math.max(1, retry.getRetryDelay().getSeconds()));
  }

  private static <M extends com.google.protobuf.Message> M unpack(Any detail, Class<M> type) {
    try {
      return detail.unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a detail of our own cannot be read", e);
    }
  }

  static int status(Code code) {
    return switch (code) {
      case OK -> 200;
      case INVALID_ARGUMENT -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND, UNIMPLEMENTED -> 404;
      case ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED -> 409;
      case OUT_OF_RANGE -> 410;
      case RESOURCE_EXHAUSTED -> 507;
      case CANCELLED -> 499;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }

  private static String title(Code code) {
    return switch (code) {
      case OK -> "OK";
      case INVALID_ARGUMENT -> "The request breaks a rule";
      case UNAUTHENTICATED -> "Nobody is known to call";
      case PERMISSION_DENIED -> "The caller may not do this";
      case NOT_FOUND -> "There is no such thing";
      case UNIMPLEMENTED -> "There is no such method";
      case ALREADY_EXISTS -> "The name is taken";
      case FAILED_PRECONDITION -> "Something is in the way";
      case ABORTED -> "It was changed meanwhile";
      case OUT_OF_RANGE -> "It is kept no longer";
      case RESOURCE_EXHAUSTED -> "A limit is reached";
      case CANCELLED -> "The caller has gone";
      case UNAVAILABLE -> "The service cannot answer now";
      case DEADLINE_EXCEEDED -> "It took too long";
      case UNKNOWN, INTERNAL, DATA_LOSS -> "The service failed";
    };
  }
}
