package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.job.Job;
import io.joblet.storage.job.JobCleanup;
import io.joblet.storage.job.JobStore;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Cleans up after jobs that are gone: their process has ended, or nobody renewed their lease. */
@ApplicationScoped
public class OrphanSweep {
  private final JobStore jobs;
  private final JobCleanup cleanup;
  private final Transactions transactions;
  private final Host kernel;
  private final HostWork host;
  private final SweepClock clock = new SweepClock(System::nanoTime);

  OrphanSweep(
      JobStore jobs, JobCleanup cleanup, Transactions transactions, Host kernel, HostWork host) {
    this.jobs = jobs;
    this.cleanup = cleanup;
    this.transactions = transactions;
    this.kernel = kernel;
    this.host = host;
  }

  /** Sweeps, or only says what a sweep would do now. */
  public synchronized List<Swept> run(boolean dryRun) {
    List<Job> live = transactions.call(jobs::allLive);
    clock.keepOnly(live.stream().map(j -> j.id).collect(Collectors.toSet()));
    List<Swept> swept = new ArrayList<>();
    for (Job job : live) {
      processEnded(job)
          .or(() -> leaseEnded(job))
          .ifPresent(reason -> swept.add(release(job, reason, dryRun)));
    }
    return swept;
  }

  /**
   * At a start: a process that has ended is certain at once (its boot is another one, or its pid is
   * not it), while a lease gets its full time again, since nobody could renew it.
   */
  void releaseEndedProcesses() {
    for (Job job : transactions.call(jobs::allLive)) {
      processEnded(job).ifPresent(reason -> release(job, reason, false));
    }
  }

  private Swept release(Job job, String reason, boolean dryRun) {
    return Swept.perform(job.id, job.name, reason, dryRun, () -> cleanup.sweep(job, reason));
  }

  private Optional<String> processEnded(Job job) {
    return job.process()
        .filter(identity -> !host.ask(() -> kernel.alive(identity)))
        .map(identity -> "process " + identity.pid() + " has ended");
  }

  private Optional<String> leaseEnded(Job job) {
    if (job.liveness != Job.By.LEASE) {
      return Optional.empty();
    }
    Duration lease = Duration.ofSeconds(job.leaseSeconds);
    // Counted from its first sighting here: what the wall clock says about before is not trusted.
    Duration age = clock.age(job.id, job.leaseExpiresAt, job.leaseExpiresAt, lease);
    return age.compareTo(lease) > 0
        ? Optional.of("its lease of " + lease.toSeconds() + " s was not renewed")
        : Optional.empty();
  }
}
