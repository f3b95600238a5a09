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
  private final JobFilesystemStore filesystems;
  private final JobRunStore runs;
  private final JobProcesses processes;
  private final HostWork host;
  private final Operations operations;
  private final Capacity capacity;
  private final Transactions transactions;

  RootTakedown(
      JobStore jobs,
      JobFilesystemStore filesystems,
      JobRunStore runs,
      JobProcesses processes,
      HostWork host,
      Operations operations,
      Capacity capacity,
      Transactions transactions) {
    this.jobs = jobs;
    this.filesystems = filesystems;
    this.runs = runs;
    this.processes = processes;
    this.host = host;
    this.operations = operations;
    this.capacity = capacity;
    this.transactions = transactions;
  }

  private record Rows(Job job, JobFilesystem filesystem, Optional<JobRun> run) {}

  /**
   * Nothing for a job without one. The caller holds the job, which is ENDING.
   *
   * @param rest what else changes once it is gone, in the transaction that records it
   * @throws Problem.InTheWay naming the process that keeps it busy
   */
  void takeDown(UUID id, Caller caller, Runnable rest) {
    Optional<Rows> found = transactions.call(() -> read(id));
    if (found.isEmpty()) {
      transactions.run(rest);
      return;
    }
    Rows rows = found.get();
    Deed deed = host.undo("end", RootPlans.plan(rows.job(), rows.filesystem(), rows.run()));
    if (deed.failure().isEmpty()) {
      capacity.release(VolumeType.MEMORY, rows.filesystem().memoryBytes());
    }
    transactions.run(() -> {
      operations.record(
          deed, new Operations.Subject(null, null, rows.job().owner, rows.job().name), caller);
      if (deed.failure().isEmpty()) {
        rest.run();
      }
    });
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
  }

  /** Kills what is left of a run; its supervisor may be gone and its processes not. */
  void killAll(UUID id) {
    host.tell(() -> processes.killAll(id));
  }

  private Optional<Rows> read(UUID id) {
    Optional<JobFilesystem> filesystem = filesystems.findByIdOptional(id);
    return filesystem.map(f -> new Rows(jobs.findById(id), f, runs.findByIdOptional(id)));
  }
}
