package io.joblet.storage.cli.view;

import io.joblet.storage.cli.values.SignalName;
import io.joblet.storage.v1.Job;

/** How a job ended, for people. */
public final class JobEnd {
  private JobEnd() {}

  /** A code, a signal, or nothing. */
  static String cell(Job job) {
    if (job.getSignal() != 0) {
      return new SignalName(job.getSignal()).toString();
    }
    return job.hasExitCode() ? Integer.toString(job.getExitCode()) : "";
  }

  /** In words, after the name of the job. */
  public static String words(Job job) {
    if (job.getSignal() != 0) {
      return "ended by " + new SignalName(job.getSignal());
    }
    if (job.hasExitCode()) {
      return "exited with " + job.getExitCode();
    }
    return job.getReason().isEmpty()
        ? "is " + job.getStatus()
        : "is " + job.getStatus() + ": " + job.getReason();
  }
}
