package io.joblet.storage.config;

import java.time.Duration;

/** {@link SpanConverter}, of what is done again and again, or has to be given some time. */
public final class IntervalConverter extends SpanConverter {
  private static final long serialVersionUID = 1L;

  public IntervalConverter() {
    super(Duration.ofMillis(100));
  }
}
