package io.joblet.storage.job;

import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Capacity;
import io.joblet.storage.volume.VolumeType;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Takes the root file system of a job off the host, after its volumes; repeatable. */
@ApplicationScoped
class RootTakedown {
  private final JobStore jobs;
  private final JobProcesses processes;
  private final HostWork host;
  private final Operations operations;
  private final Capacity capacity;
  private final Transactions transactions;

  RootTakedown(
      JobStore jobs,
      JobProcesses processes,
      HostWork host,
      Operations operations,
      Capacity capacity,
      Transactions transactions) {
    this.jobs = jobs;
    this.processes = processes;
    this.host = host;
    this.operations = operations;
    this.capacity = capacity;
    this.transactions = transactions;
  }

  /**
   * A job with a root file system.
   *
   * @param attachments how many volumes it holds
   */
  record Rows(Job job, JobFilesystem filesystem, Optional<JobRun> run, long attachments) {
    /** Whether a command of the job runs, or may, as far as the row says. */
    boolean unfinished() {
      return run.filter(JobRun::unfinished).isPresent();
    }
  }

  /**
   * Nothing for a job without one. The caller holds the job, which is ENDING.
   *
   * @param rest what else changes once it is gone, in the transaction that records it
   * @throws Problem.InTheWay naming the process that keeps it busy
   */
  void takeDown(UUID id, Caller caller, Runnable rest) {
    Optional<Rows> found = find(id);
    if (found.isEmpty()) {
      transactions.run(rest);
      return;
    }
    Rows rows = found.get();
    Deed deed = takeDown(rows);
    transactions.run(() -> {
      operations.record(deed, subject(rows), caller);
      if (deed.failure().isEmpty()) {
        rest.run();
      }
    });
    released(rows, deed);
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
  }

  /** Kills what is left of a run; its supervisor may be gone and its processes not. */
  void killAll(UUID id) {
    host.tell(() -> processes.killAll(id));
  }

  /** Off the host; that it is gone is for the caller to record. */
  Deed takeDown(Rows rows) {
    return host.undo("end", RootPlans.plan(rows.job(), rows.filesystem(), rows.run()));
  }

  /** Gives back what its root had of the memory; once, when the rows say that it is gone. */
  void released(Rows rows, Deed deed) {
    if (deed.failure().isEmpty()) {
      capacity.release(VolumeType.MEMORY, rows.filesystem().memoryBytes());
    }
  }

  static Operations.Subject subject(Rows rows) {
    return new Operations.Subject(null, null, rows.job().owner, rows.job().name);
  }

  /** Empty for a job without a root file system. */
  Optional<Rows> find(UUID id) {
    return transactions.call(() -> jobs.withFilesystem(id));
  }
}
