package io.joblet.storage.job;

import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Output that no row explains: of jobs that an older database, or a new one, does not know. */
@ApplicationScoped
public class UnknownOutput {
  private final JobStore jobs;
  private final JobProcesses processes;
  private final HostWork host;
  private final Transactions transactions;

  UnknownOutput(JobStore jobs, JobProcesses processes, HostWork host, Transactions transactions) {
    this.jobs = jobs;
    this.processes = processes;
    this.host = host;
    this.transactions = transactions;
  }

  /** When each was written last, by the id of its job. */
  public Map<UUID, Instant> all() {
    // Before the rows: a job has its row first.
    Set<UUID> kept = new TreeSet<>(host.ask(processes::remembered));
    if (!kept.isEmpty()) {
      kept.removeAll(transactions.call(jobs::everyId));
    }
    Map<UUID, Instant> unknown = new TreeMap<>();
    for (UUID id : kept) {
      // It is gone by now where a start was taken back meanwhile.
      host.ask(() -> processes.lastWritten(id)).ifPresent(when -> unknown.put(id, when));
    }
    return unknown;
  }

  /** Deletes it, unless a row knows it by now. */
  public void forget(UUID id) {
    if (transactions.call(() -> jobs.findByIdOptional(id)).isEmpty()) {
      host.tell(() -> processes.forget(id));
    }
  }
}
