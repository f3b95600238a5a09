package io.joblet.storage.job;

import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.host.JobProcesses.Ending;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * What follows the end of a command: how it ended goes into its row, and everything that the job
 * held is released at once. What cannot be released then is tried again by the settle sweep.
 */
@ApplicationScoped
class JobEnd {
  private static final Logger LOG = Logger.getLogger(JobEnd.class);

  private final JobStore jobs;
  private final JobRunStore runs;
  private final JobLocks locks;
  private final JobCleanup cleanup;
  private final RootTakedown roots;
  private final JobProcesses processes;
  private final HostWork host;
  private final Transactions transactions;
  private final JobReport report;

  JobEnd(
      JobStore jobs,
      JobRunStore runs,
      JobLocks locks,
      JobCleanup cleanup,
      RootTakedown roots,
      JobProcesses processes,
      HostWork host,
      Transactions transactions,
      JobReport report) {
    this.jobs = jobs;
    this.runs = runs;
    this.locks = locks;
    this.cleanup = cleanup;
    this.roots = roots;
    this.processes = processes;
    this.host = host;
    this.transactions = transactions;
    this.report = report;
  }

  /** The supervisor is gone; never throws, since nobody waits for it. */
  void ended(UUID id) {
    try {
      settle(id);
    } catch (RuntimeException e) {
      LOG.warnf("job %s has ended; the settle sweep will try again: %s", id, e.getMessage());
    }
  }

  /**
   * Writes down how the command ended and releases what the job held; nothing for one that has been
   * settled. The caller knows that its supervisor is gone.
   *
   * @throws Problem when something is in the way; the job is ENDING then
   */
  Optional<String> settle(UUID id) {
    Optional<Job> found = transactions.call(() -> jobs.findByIdOptional(id));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Held held = locks.lock(found.get())) {
      roots.killAll(id);
      Optional<Ending> ending = host.ask(() -> processes.ending(id));
      Optional<JobRun> finished = transactions.call(() -> finish(id, ending));
      finished.ifPresent(r -> report.ended(found.get(), r.state, r.outcome()));
      Optional<String> outcome = finished.map(JobRun::outcome);
      outcome.ifPresent(o -> cleanup.finish(id, o, Caller.daemon(found.get().owner), Reply.none()));
      return outcome.map(o -> "released job '" + found.get().name + "': " + o);
    }
  }

  private Optional<JobRun> finish(UUID id, Optional<Ending> ending) {
    JobRun run = runs.findById(id);
    if (run == null || !run.unfinished()) {
      return Optional.empty();
    }
    run.finish(ending, Instant.now());
    Job job = jobs.findById(id);
    job.state = Job.State.ENDING;
    job.reason = run.outcome();
    return Optional.of(run);
  }
}
