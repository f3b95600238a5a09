package io.joblet.storage.host.linux;

import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses.Supervisor;

/** A supervisor that has its job. */
final class Supervising {
  private Supervising() {}

  /** Closed already when the job could not be handed over. */
  static Supervisor of(LinuxHost host, JobProcess process) {
    Supervisor supervisor = host.jobs().supervise(true);
    try {
      supervisor.prepare(process);
      return supervisor;
    } catch (RuntimeException e) {
      supervisor.close();
      throw e;
    }
  }
}
