package io.joblet.storage.job;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Signals commands, and ends them. */
@ApplicationScoped
public class JobStop {
  private static final Logger LOG = Logger.getLogger(JobStop.class);
  private static final int SIGTERM = 15;
  private static final int SIGKILL = 9;

  /** What the kernel says when a user has as many signals pending as it may, sigqueue(3). */
  private static final String TOO_MANY_PENDING = "EAGAIN";

  /** What the kernel and the clean-up may need after a KILL. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final JobQueries queries;
  private final RunWatch watch;
  private final RunSettlement runSettlement;
  private final AttachmentSettlement jobSettlement;
  private final JobProcesses processes;
  private final HostWork host;
  private final Transactions transactions;

  JobStop(
      JobQueries queries,
      RunWatch watch,
      RunSettlement runSettlement,
      AttachmentSettlement jobSettlement,
      JobProcesses processes,
      HostWork host,
      Transactions transactions) {
    this.queries = queries;
    this.watch = watch;
    this.runSettlement = runSettlement;
    this.jobSettlement = jobSettlement;
    this.processes = processes;
    this.host = host;
    this.transactions = transactions;
  }

  /**
   * Signals the command's process group; KILL, everything in the job.
   *
   * @throws Problem.InTheWay when it does not run
   */
  public void signal(Caller caller, String job, int number) {
    JobView view = transactions.call(() -> queries.view(queries.require(caller, job)));
    if (!send(view, number)) {
      throw new Problem.InTheWay(
          "STATE",
          "job/" + view.job().name,
          "job '" + view.job().name + "' is " + view.status() + " and takes no signal");
    }
  }

  /**
   * TERM, and KILL when the grace period is over; nothing for a job that has ended. Returns when
   * everything of it is gone.
   *
   * @param grace 0 kills at once
   * @throws Problem.InTheWay naming the process that keeps a volume busy, after all others are
   *     detached; or when its remains are still there half a minute after the KILL
   */
  public JobView stop(Caller caller, String job, Duration grace) {
    JobView ended = endCommand(caller, job, grace);
    if (ended.job().state != Job.State.ENDING) {
      return ended;
    }
    UUID id = ended.job().id;
    jobSettlement.settleJob(id);
    return queries.now(id).orElse(ended);
  }

  /** {@link #stop}, but what could not be taken away is left to the caller, or the settle sweep. */
  JobView endCommand(Caller caller, String job, Duration grace) {
    JobView view = takenUp(transactions.call(() -> queries.view(queries.require(caller, job))));
    UUID id = view.job().id;
    if (grace.isPositive() && terminate(view) && watch.awaitEnd(id, grace)) {
      return now(id, view);
    }
    send(view, SIGKILL);
    if (!watch.awaitEnd(id, PATIENCE)) {
      throw new Problem.InTheWay(
          "STATE",
          "job/" + view.job().name,
          "job '" + view.job().name + "' was killed and its remains are still being taken away");
    }
    return now(id, view);
  }

  private JobView now(UUID id, JobView before) {
    return takenUp(queries.now(id).orElse(before));
  }

  /**
   * One that has ended while the database was away is still said to run, and nobody watches it: it
   * is not left to the settle sweep, and whoever stops it is told what is in the way.
   */
  private JobView takenUp(JobView view) {
    UUID id = view.job().id;
    if (view.run().filter(JobRun::unfinished).isEmpty() || watch.watches(id)) {
      return view;
    }
    runSettlement.settle(id);
    return queries.now(id).orElse(view);
  }

  /** False also when that fails: there is the KILL yet, which may reach it. */
  private boolean terminate(JobView view) {
    try {
      return send(view, SIGTERM);
    } catch (Problem.HostFailed e) {
      LOG.warnf("job %s cannot be asked to end, and is killed: %s", view.job().id, e.getMessage());
      return false;
    }
  }

  private boolean send(JobView view, int number) {
    return view.run()
        .filter(r -> r.state == JobRun.State.RUNNING)
        .flatMap(JobRun::supervisor)
        .map(s -> host.ask(() -> signal(view.job().id, s, number)))
        .orElse(false);
  }

  /**
   * A job of uid 0 is of the same user as its supervisor, and can leave no room for the signal that
   * says what is meant. The end of the job does not depend on that: it is killed without its
   * supervisor, which notices.
   */
  private boolean signal(UUID job, ProcessIdentity supervisor, int number) {
    try {
      return processes.signal(supervisor, number);
    } catch (HostException e) {
      if (number != SIGKILL || !e.errno().equals(TOO_MANY_PENDING)) {
        throw e;
      }
      processes.killAll(job);
      return true;
    }
  }
}
