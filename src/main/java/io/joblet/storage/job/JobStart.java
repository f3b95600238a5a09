package io.joblet.storage.job;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.JobLog;
import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.host.JobProcesses.Supervisor;
import io.joblet.storage.host.Layout;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Attachment;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Starts a command in a root file system of its own with its volumes mounted, or leaves nothing.
 *
 * <p>Rows first, as intents; then the root and the volumes on the host; then a supervisor, which
 * prepares everything and waits; the rows that say it runs, while it prepares unless the job has
 * volumes; and when both are done, the word to go. So a row may say for a moment that a command
 * runs of which it turns out that it cannot: all of it is taken back then, unless it may have run.
 * A daemon that dies before the word leaves a supervisor that ends by itself, and rows that the
 * next start settles. See docs/decisions/0017.
 */
@ApplicationScoped
public class JobStart {
  private static final Logger LOG = Logger.getLogger(JobStart.class);

  private final JobBuilding building;
  private final AttachIntents intents;
  private final JobEnd end;
  private final RunWatch watch;
  private final Host kernel;
  private final JobProcesses processes;
  private final HostWork host;
  private final RoundTrips database;
  private final UnexecutedCommand unexecuted;
  private final JobReport report;

  JobStart(
      JobBuilding building,
      AttachIntents intents,
      JobEnd end,
      RunWatch watch,
      Host kernel,
      JobProcesses processes,
      HostWork host,
      RoundTrips database,
      UnexecutedCommand unexecuted,
      JobReport report) {
    this.building = building;
    this.intents = intents;
    this.end = end;
    this.watch = watch;
    this.kernel = kernel;
    this.processes = processes;
    this.host = host;
    this.database = database;
    this.unexecuted = unexecuted;
    this.report = report;
  }

  /**
   * A job that runs.
   *
   * @param output its output from the first byte, if that was asked for; whoever has it closes it
   */
  public record Started(JobView view, Optional<JobLog> output) {}

  /**
   * Starts it; returns when the command runs.
   *
   * @param withOutput hold every byte of output until the reader has taken it
   * @throws Problem.NotFound for a volume, or a command that is not in the job's root
   * @throws Problem.InTheWay for a volume that is held, or a command that cannot be executed; or
   *     for a job that has ended or was killed, since nothing was heard of its command, and stays,
   *     since nobody knows that it never ran
   */
  public Started start(
      NewJob wanted, NewRun run, boolean withOutput, Caller caller, Reply<JobView> reply) {
    return report.starting(
        () -> host.sequence(() -> begin(wanted, run, withOutput, caller, reply)));
  }

  private Started begin(
      NewJob wanted, NewRun run, boolean withOutput, Caller caller, Reply<JobView> reply) {
    Released released;
    try (SupervisorAhead ahead = new SupervisorAhead(host, processes, run.ownNetwork())) {
      JobBuilding.Order order =
          new JobBuilding.Order(
              "run",
              wanted,
              new Liveness.OfRun(),
              Optional.empty(),
              Optional.of(run),
              ahead::begin,
              caller);
      released =
          building.build(
              order, built -> release(built, run, ahead::take, withOutput, caller, reply));
    }
    if (released.refusal().isPresent()) {
      released.started().output().ifPresent(JobLog::close);
      throw unexecuted.end(
          released.started().view(), run.command().getFirst(), released.refusal().get(), reply);
    }
    return released.started();
  }

  /** A job whose rows say that it runs, and why it does not after all. */
  private record Released(Started started, Optional<HostException> refusal) {}

  private Released release(
      JobBuilding.Built built,
      NewRun run,
      Supplier<Supervisor> ahead,
      boolean withOutput,
      Caller caller,
      Reply<JobView> reply) {
    Optional<JobLog> output = Optional.empty();
    // Which rows there are is known, and if this fails it is for us to take them back.
    boolean rowsKnown = true;
    Runnable answer = () -> {};
    try (Supervisor supervisor = ahead.get()) {
      Waiting waiting = host.ask(() -> waiting(built, run, supervisor));
      if (waiting.refusal().isPresent()) {
        throw CommandProblems.of(run.command().getFirst(), waiting.refusal().get());
      }
      rowsKnown = false;
      JobView view = complete(built, supervisor, waiting.warnings(), caller, reply);
      answer = reply::takeBack;
      Went went = host.ask(() -> go(supervisor, built.job().id, withOutput));
      output = went.output();
      if (!went.prepared()) {
        rowsKnown = true;
        throw CommandProblems.of(run.command().getFirst(), went.refusal().orElseThrow());
      }
      watch(built.job(), supervisor);
      return new Released(new Started(view, output), went.refusal());
    } catch (RuntimeException e) {
      output.ifPresent(JobLog::close);
      if (rowsKnown) {
        takeBack(built, caller, answer);
      }
      // Else the row decides, and the settle sweep or the watch does what it says.
      throw e;
    }
  }

  /** It runs, whatever is refused here: then the settle sweep watches it. */
  private void watch(Job job, Supervisor supervisor) {
    try {
      watch.add(job.id, supervisor.identity(), () -> end.ended(job));
    } catch (RuntimeException e) {
      LOG.warnf("the end of job %s is not waited for yet: %s", job.id, e.getMessage());
    }
  }

  /**
   * Output before the rows, since nobody knows whose it is once they are gone; and with them, since
   * what is left is settled by what its supervisor wrote down.
   */
  private void takeBack(JobBuilding.Built built, Caller caller, Runnable answer) {
    UUID id = built.job().id;
    unexecuted.endProcesses(id, Optional.empty());
    building.undo("run", built, caller, () -> host.tell(() -> processes.forget(id)), answer);
  }

  /** What is known of a job that waits, or will. */
  private record Waiting(List<String> warnings, Optional<HostException> refusal) {}

  /**
   * Where there are volumes, all is prepared first: that they are attached is told to others by the
   * rows, and cannot be taken back.
   */
  private Waiting waiting(JobBuilding.Built built, NewRun run, Supervisor supervisor) {
    supervisor.prepare(process(built, run));
    List<String> warnings = warnings(built, supervisor);
    if (!built.begun().fresh().isEmpty()) {
      try {
        supervisor.await();
      } catch (HostException e) {
        return new Waiting(warnings, Optional.of(e));
      }
    }
    return new Waiting(warnings, Optional.empty());
  }

  /** How far a command came; the output is the reader's from the first byte. */
  private record Went(boolean prepared, Optional<JobLog> output, Optional<HostException> refusal) {}

  /**
   * The log is there once the supervisor is ready, and not before: who opened it earlier would hold
   * nothing of it, and the job would write on without waiting for its reader.
   */
  private Went go(Supervisor supervisor, UUID id, boolean withOutput) {
    boolean ready = false;
    Optional<JobLog> output = Optional.empty();
    try {
      supervisor.await();
      output = withOutput ? processes.log(id, true) : Optional.empty();
      ready = true;
      supervisor.release();
      return new Went(true, output, Optional.empty());
    } catch (HostException e) {
      return new Went(ready, output, Optional.of(e));
    } catch (RuntimeException e) {
      output.ifPresent(JobLog::close);
      throw e;
    }
  }

  private JobView complete(
      JobBuilding.Built built,
      Supervisor supervisor,
      List<String> warnings,
      Caller caller,
      Reply<JobView> reply) {
    JobRun run = built.run().orElseThrow();
    run.begin(supervisor.identity(), warnings, Instant.now());
    Changes changes = intents.outcome(built.begun(), built.deed(), caller);
    JobFilesystemRows.writeBegin(changes, run);
    reply.add(changes, built.view());
    database.commit(changes);
    return built.view();
  }

  private List<String> warnings(JobBuilding.Built built, Supervisor supervisor) {
    JobRun run = built.run().orElseThrow();
    Set<String> all = new LinkedHashSet<>(supervisor.warnings());
    all.addAll(kernel.unenforced(RootPlans.limits(run)));
    if (!run.ioLimits.limits().none()) {
      if (built.begun().fresh().isEmpty()) {
        all.add("reading and writing are not limited: the job has no volume");
      }
      for (AttachIntents.Fresh fresh : built.begun().fresh()) {
        Attachment attachment = fresh.attachment();
        kernel
            .unenforced(Layout.volume(attachment.volumeId), run.ioLimits.limits())
            .forEach(w -> all.add("volume '" + fresh.volume().name + "': " + w));
      }
    }
    return new ArrayList<>(all);
  }

  private static JobProcess process(JobBuilding.Built built, NewRun run) {
    JobFilesystem filesystem = built.filesystem();
    return new JobProcess(
        built.job().id,
        Layout.job(built.job().directory),
        built.job().name,
        run.command(),
        run.environment(),
        run.workingDirectory(),
        filesystem.uid,
        filesystem.gid,
        filesystem.shmBytes,
        run.logBytes());
  }
}
