package io.joblet.storage.cli.daemon;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits, which people may ask to be longer than a clock counts. */
public final class Patience {
  private Patience() {}

  /** In nanoseconds, at most 146 years, so that {@code System.nanoTime() +} it can be compared. */
  public static long nanos(Duration wait) {
    return Math.min(TimeUnit.NANOSECONDS.convert(wait), Long.MAX_VALUE / 2);
  }
}
