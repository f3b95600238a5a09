package io.joblet.storage.job;

import java.time.Duration;

/** When a job counts as gone. */
public sealed interface Liveness {
  /** When this process has ended. */
  record OfProcess(long pid) implements Liveness {
    public OfProcess {
      if (pid <= 0) {
        throw new IllegalArgumentException("must be greater than 0");
      }
    }
  }

  /** When the lease was not renewed in time. */
  record OfLease(Duration duration) implements Liveness {
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(30);

    public OfLease {
      if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException("must be from 10 seconds to 30 days");
      }
    }
  }

  /** When the command that the daemon runs for it has ended. */
  record OfRun() implements Liveness {}

  /** Only when somebody says so. */
  record UntilCleanup() implements Liveness {}
}
