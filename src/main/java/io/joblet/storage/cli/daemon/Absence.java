package io.joblet.storage.cli.daemon;

import io.grpc.StatusRuntimeException;

/** A daemon that is away, for a restart or an upgrade, and will be back. */
public final class Absence {
  private Absence() {}

  /** Whether a stream ended so; what is asked for again may then succeed. */
  public static boolean is(StatusRuntimeException failure) {
    return switch (failure.getStatus().getCode()) {
      // A server that shuts down ends its streams with one of the first two; one that has just
      // started may be too busy for a first event.
      case UNAVAILABLE, CANCELLED, DEADLINE_EXCEEDED -> true;
      case OK,
          UNKNOWN,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          INTERNAL,
          DATA_LOSS,
          UNAUTHENTICATED ->
          false;
    };
  }
}
