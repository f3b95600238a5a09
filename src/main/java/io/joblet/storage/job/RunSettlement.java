package io.joblet.storage.job;

import io.joblet.storage.host.Host;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes up the jobs of a former life: one that runs is watched again, one that has ended meanwhile
 * or was never started is released.
 */
@ApplicationScoped
public class RunSettlement {
  private final JobStore jobs;
  private final JobRunStore runs;
  private final JobLocks locks;
  private final RunWatch watch;
  private final JobEnd end;
  private final Host kernel;
  private final HostWork host;
  private final Transactions transactions;

  RunSettlement(
      JobStore jobs,
      JobRunStore runs,
      JobLocks locks,
      RunWatch watch,
      JobEnd end,
      Host kernel,
      HostWork host,
      Transactions transactions) {
    this.jobs = jobs;
    this.runs = runs;
    this.locks = locks;
    this.watch = watch;
    this.end = end;
    this.kernel = kernel;
    this.host = host;
    this.transactions = transactions;
  }

  /** Jobs that run, or were about to, and that nobody watches. */
  public List<UUID> unwatched() {
    return transactions.call(runs::unfinished).stream()
        .map(r -> r.jobId)
        .filter(id -> !watch.watches(id))
        .toList();
  }

  /** Waits until nobody works on the job; says what was done, nothing for one that runs on. */
  public Optional<String> settle(UUID id) {
    Optional<Job> job = transactions.call(() -> jobs.findByIdOptional(id));
    if (job.isEmpty()) {
      return Optional.empty();
    }
    try (Held held = locks.lock(job.get())) {
      Optional<JobRun> run =
          transactions.call(() -> runs.findByIdOptional(id)).filter(JobRun::unfinished);
      if (run.isEmpty() || watch.watches(id)) {
        return Optional.empty();
      }
      boolean alive =
          run.get().supervisor().map(s -> host.ask(() -> kernel.alive(s))).orElse(false);
      if (alive) {
        watch.add(id, run.get().supervisor().orElseThrow(), () -> end.ended(job.get()));
        return Optional.empty();
      }
      return end.settle(job.get());
    }
  }
}
