package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** How a call was refused: the code, the words, and what its google.rpc details say. */
record Refused(Code code, String message, Status status) {

  static Refused by(ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    assertThat(failure).as("a refusal").isInstanceOf(StatusRuntimeException.class);
    return of((StatusRuntimeException) failure);
  }

  static Refused of(StatusRuntimeException failure) {
    return new Refused(
        failure.getStatus().getCode(),
        String.valueOf(failure.getStatus().getDescription()),
        StatusProto.fromThrowable(failure));
  }

  /** Names of the fields at fault. */
  List<String> fields() {
    return detail(BadRequest.class).stream()
        .flatMap(d -> d.getFieldViolationsList().stream())
        .map(BadRequest.FieldViolation::getField)
        .toList();
  }

  /** What is in the way, e.g. {@code job/build-7}. */
  String inTheWay() {
    return detail(PreconditionFailure.class).orElseThrow().getViolations(0).getSubject();
  }

  /** The kind of thing that is in the way, e.g. {@code JOB}. */
  String kindInTheWay() {
    return detail(PreconditionFailure.class).orElseThrow().getViolations(0).getType();
  }

  String limit() {
    return detail(QuotaFailure.class).orElseThrow().getViolations(0).getSubject();
  }

  ResourceInfo resource() {
    return detail(ResourceInfo.class).orElseThrow();
  }

  ErrorInfo error() {
    return detail(ErrorInfo.class).orElseThrow();
  }

  RetryInfo retry() {
    return detail(RetryInfo.class).orElseThrow();
  }

  RequestInfo request() {
    return detail(RequestInfo.class).orElseThrow();
  }

  private <M extends Message> Optional<M> detail(Class<M> type) {
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return Optional.of(any.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
    }
    return Optional.empty();
  }
}
