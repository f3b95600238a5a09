package io.joblet.storage.cli.daemon;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One more try of a call that found the daemon, or its database, away for a moment. */
final class Repeat {
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** A daemon that asks for more patience than this is not away for a moment. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private Repeat() {}

  static <T> T once(Deadline deadline, Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException first) {
      if (!isWorthAnother(first, deadline)) {
        throw first;
      }
      sleep(pause(first));
      try {
        return call.get();
      } catch (StatusRuntimeException second) {
        second.addSuppressed(first);
        throw second;
      }
    }
  }

  private static boolean isWorthAnother(StatusRuntimeException failure, Deadline deadline) {
    Duration pause = pause(failure);
    return failure.getStatus().getCode() == Status.Code.UNAVAILABLE
        && Unreachable.behind(failure) == null
        && pause.compareTo(LONGEST_PAUSE) <= 0
        && deadline.timeRemaining(TimeUnit.MILLISECONDS) > pause.toMillis();
  }

  private static Duration pause(StatusRuntimeException failure) {
    try {
      RetryInfo asked = Details.of(failure).find(RetryInfo.class);
      return asked == null
          ? PAUSE
          : Duration.ofSeconds(
              asked.getRetryDelay().getSeconds(), asked.getRetryDelay().getNanos());
    } catch (InvalidProtocolBufferException garbled) {
      return PAUSE;
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
