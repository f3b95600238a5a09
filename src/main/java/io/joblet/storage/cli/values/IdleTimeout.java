package io.joblet.storage.cli.values;

import com.google.protobuf.Duration;

/** How long a memory volume may lie unattached: a {@link Span}, or {@code never} for any length. */
public record IdleTimeout(Duration message) {

  /** Reads one. Never is zero in the messages. */
  public static IdleTimeout of(String text) {
    return new IdleTimeout(
        text.equals("never") ? Duration.getDefaultInstance() : Span.of(text).message());
  }
}
