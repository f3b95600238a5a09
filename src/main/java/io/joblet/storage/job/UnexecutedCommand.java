package io.joblet.storage.job;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * What becomes of a job whose rows say that it runs, and whose supervisor, after the word to go,
 * refused or said nothing. See docs/decisions/0017.
 */
@ApplicationScoped
class UnexecutedCommand {
  private static final Logger LOG = Logger.getLogger(UnexecutedCommand.class);

  /** What the end of a command that was not executed may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * The supervisor did not answer, or ended, or nobody hears it any more: its command may have been
   * executed, or may be yet.
   */
  private static final Set<String> SILENCE = Set.of("ETIMEDOUT", "ECHILD");

  private static final int SIGKILL = 9;

  private final RunWatch watch;
  private final JobProcesses processes;
  private final HostWork host;
  private final Transactions transactions;
  private final JobStore jobs;

  UnexecutedCommand(
      RunWatch watch,
      JobProcesses processes,
      HostWork host,
      Transactions transactions,
      JobStore jobs) {
    this.watch = watch;
    this.processes = processes;
    this.host = host;
    this.transactions = transactions;
    this.jobs = jobs;
  }

  /**
   * Waits until everything of a command that was not executed is gone, and forgets it with the
   * answer that was written down for it. The job is not held: its end has to hold it.
   *
   * <p>Where its supervisor said nothing the command may have been executed, or may be at any
   * moment, of which its caller is told that it is not: it is killed, and at once. What then lives
   * on, or may have come to an end of its own before, stays with its rows, its output and its
   * answer: its end is settled like any other's, and who asks again with the same request id runs
   * nothing twice.
   *
   * @return what the caller is told
   */
  Problem end(JobView view, String command, HostException refusal, Reply<JobView> reply) {
    UUID id = view.job().id;
    boolean neverRuns = !SILENCE.contains(refusal.errno());
    boolean gone = neverRuns && watch.awaitEnd(id, PATIENCE);
    if (!gone) {
      endProcesses(id, view.run().flatMap(JobRun::supervisor));
      gone = watch.awaitEnd(id, PATIENCE);
    }
    if (gone && endedWithoutRunning(id, neverRuns)) {
      forget(id, reply);
    } else if (neverRuns) {
      transactions.run(reply::takeBack);
    } else {
      return new Problem.InTheWay(
          "STATE",
          "job/" + view.job().name,
          "the command of job '"
              + view.job().name
              + "' may have been executed: "
              + refusal.getMessage()
              + "; what there was of it is killed, and the job is kept and tells how it ended");
    }
    return CommandProblems.ofExecution(command, refusal);
  }

  /**
   * Kills what there is of a job. A supervisor that was killed leaves processes that die a moment
   * later, and until then nothing that they are in can go. What does not end is for the watch and
   * the settle sweep.
   *
   * @param supervisor one that may still be there; a host without cgroups ends a job by it alone
   */
  void endProcesses(UUID id, Optional<ProcessIdentity> supervisor) {
    try {
      host.tell(() -> {
        processes.killAll(id);
        supervisor.ifPresent(there -> processes.signal(there, SIGKILL));
      });
    } catch (Problem notYet) {
      LOG.warnf("job %s is killed and not gone yet: %s", id, notYet.getMessage());
    }
  }

  /**
   * False while the rows do not say how it ended, as when the database was away at its end: then
   * the settle sweep needs what its supervisor wrote down. Of one that said nothing only its record
   * that nothing ran counts: what was killed may have begun by then.
   */
  private boolean endedWithoutRunning(UUID id, boolean refused) {
    Optional<JobRun> run =
        transactions.call(() -> jobs.withFilesystem(id)).flatMap(RootTakedown.Rows::run);
    if (run.isEmpty()) {
      return true;
    }
    return switch (run.get().state) {
      case FAILED -> true;
      case KILLED, LOST -> refused;
      case STARTING, RUNNING, EXITED -> false;
    };
  }

  private void forget(UUID id, Reply<JobView> reply) {
    host.tell(() -> processes.forget(id));
    transactions.run(() -> {
      reply.takeBack();
      // One whose remains are busy stays, FAILED, for the settle sweep.
      jobs.findByIdOptional(id).filter(j -> j.state == Job.State.ENDED).ifPresent(jobs::delete);
    });
  }
}
