package io.joblet.storage.job;

import io.joblet.storage.access.Reference;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Whose live job a caller means, by id, by name among the caller's own, or as owner/name. */
@ApplicationScoped
class LiveJobs {
  private final JobStore jobs;
  private final Transactions transactions;

  LiveJobs(JobStore jobs, Transactions transactions) {
    this.jobs = jobs;
    this.transactions = transactions;
  }

  /** By which a live job is locked and found. */
  record Key(String owner, JobName name) {}

  /**
   * The key of the job that is meant. Only an id is looked up here: whether a name has a live job
   * is for whoever holds its lock to see.
   *
   * @throws Problem.NotFound for an id that no live job has, and for what is another owner's
   */
  Key find(Caller caller, String idOrName) {
    Reference which = Reference.of(caller.identity(), idOrName);
    Optional<Key> key =
        which.id().isPresent()
            ? transactions.call(() ->
                jobs.find(which)
                    .filter(j -> j.state != Job.State.ENDED)
                    .map(j -> new Key(j.owner, new JobName(j.name))))
            : Optional.of(new Key(which.owner(), new JobName(which.name())))
                .filter(k -> which.reaches(k.owner()));
    return key.orElseThrow(() -> new Problem.NotFound("job", which.excerpt()));
  }
}
