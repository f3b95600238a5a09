package io.joblet.storage.job;

import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.job.RootTakedown.Rows;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What follows the end of a command: how it ended goes into its row, and everything that the job
 * held is released at once. What cannot be released then is tried again by the settle sweep.
 */
@ApplicationScoped
class JobEnd {
  private static final Logger LOG = Logger.getLogger(JobEnd.class);

  private final JobLocks locks;
  private final JobCleanup cleanup;
  private final RootTakedown roots;
  private final JobProcesses processes;
  private final HostWork host;
  private final Operations operations;
  private final RoundTrips database;
  private final JobReport report;

  JobEnd(
      JobLocks locks,
      JobCleanup cleanup,
      RootTakedown roots,
      JobProcesses processes,
      HostWork host,
      Operations operations,
      RoundTrips database,
      JobReport report) {
    this.locks = locks;
    this.cleanup = cleanup;
    this.roots = roots;
    this.processes = processes;
    this.host = host;
    this.operations = operations;
    this.database = database;
    this.report = report;
  }

  /** The supervisor is gone; never throws, since nobody waits for it. */
  void ended(Job job) {
    try {
      settle(job);
    } catch (RuntimeException e) {
      LOG.warnf("job %s has ended; the settle sweep will try again: %s", job.id, e.getMessage());
    }
  }

  /**
   * Writes down how the command ended and releases what the job held; nothing for one that has been
   * settled. The caller knows that its supervisor is gone.
   *
   * @param known the row as some earlier transaction read it; it is read again
   * @throws Problem when something is in the way; the job is ENDING then
   */
  Optional<String> settle(Job known) {
    try (Held held = locks.lock(known)) {
      roots.killAll(known.id);
      Optional<Rows> found = roots.find(known.id).filter(Rows::unfinished);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Rows rows = found.get();
      JobRun run = rows.run().orElseThrow();
      run.finish(host.ask(() -> processes.ending(known.id)), Instant.now());
      if (rows.attachments() == 0) {
        releaseRoot(rows, run);
      } else {
        releaseAll(rows, run);
      }
      return Optional.of("released job '" + known.name + "': " + run.outcome());
    }
  }

  /**
   * Once it is off the host one transaction says all of it. After a crash before that the run is
   * unfinished, and its end is found and its root is taken down again.
   */
  private void releaseRoot(Rows rows, JobRun run) {
    Job job = rows.job();
    Deed deed = roots.takeDown(rows);
    job.beginEnding(run.outcome());
    if (deed.failure().isEmpty()) {
      job.end();
    }
    Changes changes = new Changes();
    operations.add(changes, deed, RootTakedown.subject(rows), Caller.daemon(job.owner));
    write(changes, job, run);
    roots.released(rows, deed);
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
  }

  /** Each volume has its own way out, and the job is on its own before the first of them. */
  private void releaseAll(Rows rows, JobRun run) {
    Job job = rows.job();
    job.beginEnding(run.outcome());
    write(new Changes(), job, run);
    cleanup.finish(job, run.outcome(), Caller.daemon(job.owner));
  }

  private void write(Changes changes, Job job, JobRun run) {
    JobFilesystemRows.writeEnd(changes, run);
    JobRows.writeState(changes, job);
    database.commit(changes);
    report.ended(job, run.state, run.outcome());
  }
}
