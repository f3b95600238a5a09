package io.joblet.storage.job;

import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Deletes the output of jobs that ended long ago; their rows go later. */
@ApplicationScoped
public class OutputRetention {
  private final JobStore jobs;
  private final JobProcesses processes;
  private final HostWork host;
  private final Transactions transactions;

  OutputRetention(JobStore jobs, JobProcesses processes, HostWork host, Transactions transactions) {
    this.jobs = jobs;
    this.processes = processes;
    this.host = host;
    this.transactions = transactions;
  }

  /** Output that no row explains stays, see {@link #unexplained}. */
  public void forgetEndedBefore(Instant before) {
    Set<UUID> kept = host.ask(processes::remembered);
    for (UUID id : kept) {
      boolean old =
          transactions.call(() ->
              jobs.findByIdOptional(id)
                  .filter(j -> j.state == Job.State.ENDED && j.endedAt.isBefore(before))
                  .isPresent());
      if (old) {
        host.tell(() -> processes.forget(id));
      }
    }
  }

  /**
   * Jobs that have output here and no row; of the two the database may be the one that is wrong.
   */
  public List<UUID> unexplained() {
    // Read before the rows: a job has its row first.
    Set<UUID> kept = host.ask(processes::remembered);
    return kept.isEmpty() ? List.of() : transactions.call(() -> jobs.unknown(kept));
  }
}
