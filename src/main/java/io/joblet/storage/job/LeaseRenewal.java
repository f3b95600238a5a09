package io.joblet.storage.job;

import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Says that a job is still alive. */
@ApplicationScoped
public class LeaseRenewal {
  private final JobStore jobs;
  private final LiveJobs live;
  private final JobLocks locks;
  private final Transactions transactions;

  LeaseRenewal(JobStore jobs, LiveJobs live, JobLocks locks, Transactions transactions) {
    this.jobs = jobs;
    this.live = live;
    this.locks = locks;
    this.transactions = transactions;
  }

  /**
   * Renews the lease, from now on.
   *
   * @param idOrName or owner/name
   * @return when the lease ends unless it is renewed again
   * @throws Problem.InTheWay when the job does not live by a lease, or is already being cleaned up
   */
  public Instant renew(String idOrName, Caller caller) {
    LiveJobs.Key key = live.find(caller, idOrName);
    try (Held held = locks.lock(key.owner(), key.name().text())) {
      return transactions.call(() -> {
        Job job = jobs.require(key.owner(), key.name().text());
        if (job.liveness != Job.By.LEASE || job.state != Job.State.ACTIVE) {
          throw new Problem.InTheWay(
              "JOB",
              "job/" + job.name,
              job.state == Job.State.ACTIVE
                  ? "job '" + job.name + "' does not live by a lease"
                  : "job '" + job.name + "' is being cleaned up");
        }
        job.leaseExpiresAt = Instant.now().plusSeconds(job.leaseSeconds);
        return job.leaseExpiresAt;
      });
    }
  }
}
