package io.joblet.storage.cli.daemon;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.QuotaFailure;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The google.rpc details of a failed call, see google/rpc/error_details.proto. */
record Details(List<Any> details) {

  static Details of(StatusRuntimeException failure) {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    return new Details(status == null ? List.of() : status.getDetailsList());
  }

  /** The first of its kind, or null. */
  <M extends Message> M find(Class<M> type) throws InvalidProtocolBufferException {
    for (Any detail : details) {
      if (detail.is(type)) {
        return detail.unpack(type);
      }
    }
    return null;
  }

  /** The reason of the ErrorInfo, or empty. */
  String reason() {
    try {
      ErrorInfo info = find(ErrorInfo.class);
      return info == null ? "" : info.getReason();
    } catch (InvalidProtocolBufferException garbled) {
      return "";
    }
  }

  /** A line for every fact that people can act on; kinds unknown here are left out. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    try {
      for (Any detail : details) {
        addLines(detail, lines);
      }
    } catch (InvalidProtocolBufferException garbled) {
      lines.add("(the daemon's details cannot be read: " + garbled.getMessage() + ")");
    }
    return lines;
  }

  private static void addLines(Any detail, List<String> lines)
      throws InvalidProtocolBufferException {
    if (detail.is(BadRequest.class)) {
      for (var field : detail.unpack(BadRequest.class).getFieldViolationsList()) {
        lines.add(field.getField() + ": " + field.getDescription());
      }
    } else if (detail.is(PreconditionFailure.class)) {
      for (var violation : detail.unpack(PreconditionFailure.class).getViolationsList()) {
        lines.add(violation.getSubject() + ": " + violation.getDescription());
      }
    } else if (detail.is(QuotaFailure.class)) {
      for (var violation : detail.unpack(QuotaFailure.class).getViolationsList()) {
        lines.add(violation.getSubject() + ": " + violation.getDescription());
      }
    } else if (detail.is(ErrorInfo.class)) {
      new TreeMap<>(detail.unpack(ErrorInfo.class).getMetadataMap())
          .forEach((key, value) -> lines.add(key + ": " + value));
    }
  }
}
