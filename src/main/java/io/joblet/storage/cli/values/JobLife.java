package io.joblet.storage.cli.values;

import io.joblet.storage.v1.Liveness;
import picocli.CommandLine.Option;

/** When a job counts as gone: one of these options, or only by its cleanup. */
public final class JobLife {
  @Option(
      names = "--pid",
      paramLabel = "N",
      description = "The job is gone when this process has ended.")
  Count pid;

  @Option(
      names = "--lease",
      paramLabel = "TIME",
      description =
          "The job is gone when 'rnx job renew' was not called for this long; 10s to 30d.")
  Span lease;

  /** As the messages carry it; the daemon looks at it when a call makes the job known. */
  public static Liveness message(JobLife life) {
    if (life == null) {
      return Liveness.newBuilder().setUntilCleanup(true).build();
    }
    return life.pid == null
        ? Liveness.newBuilder().setLease(life.lease.message()).build()
        : Liveness.newBuilder().setPid(life.pid.number()).build();
  }
}
