package io.joblet.storage.cli.values;

import java.time.Duration;

/** How long a job has after TERM: a {@link Span}, or {@code 0} for a KILL at once. */
public record Grace(Duration duration) {

  /** Reads one. */
  public static Grace of(String text) {
    return new Grace(
        text.equals("0") || text.equals("0s") ? Duration.ZERO : Span.of(text).duration());
  }

  /** As the messages carry it. */
  public com.google.protobuf.Duration message() {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
