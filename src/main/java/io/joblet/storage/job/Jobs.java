package io.joblet.storage.job;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.id.uuid.UuidVersion7Strategy;

/** Makes jobs known. */
@ApplicationScoped
public class Jobs {
  private final HostUse hostUse;
  private final JobDirectory directories;
  private final Host kernel;
  private final HostWork host;
  private final CurrentNode node;

  Jobs(HostUse hostUse, JobDirectory directories, Host kernel, HostWork host, CurrentNode node) {
    this.hostUse = hostUse;
    this.directories = directories;
    this.kernel = kernel;
    this.host = host;
    this.node = node;
  }

  /**
   * Who the process is, outside any transaction; empty for other kinds of liveness.
   *
   * @throws Problem.Invalid if there is no such process
   * @throws Problem.Denied if the caller may not name processes of the host
   */
  public Optional<ProcessIdentity> identify(Liveness liveness, Caller caller) {
    hostUse.require(caller.identity(), liveness);
    return switch (liveness) {
      case Liveness.OfProcess process ->
          Optional.of(
              host.ask(() -> kernel.process(process.pid()))
                  .orElseThrow(() ->
                      new Problem.Invalid("liveness.pid", "there is no process " + process.pid())));
      case Liveness.OfLease lease -> Optional.empty();
      case Liveness.OfRun run -> Optional.empty();
      case Liveness.UntilCleanup cleanup -> Optional.empty();
    };
  }

  /** A new job, in no row yet. */
  Job fresh(JobName name, Liveness liveness, Optional<ProcessIdentity> process, Caller caller) {
    Job job = new Job();
    job.id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
    job.nodeId = node.id();
    job.name = name.text();
    job.owner = caller.owner();
    job.directory = directories.of(job.owner, job.name);
    job.state = Job.State.ACTIVE;
    job.createdAt = Instant.now();
    switch (liveness) {
      case Liveness.OfProcess by -> {
        ProcessIdentity identity = process.orElseThrow();
        job.liveness = Job.By.PROCESS;
        job.bootId = identity.bootId();
        job.pid = identity.pid();
        job.startTicks = identity.startTicks();
      }
      case Liveness.OfLease by -> {
        job.liveness = Job.By.LEASE;
        job.leaseSeconds = by.duration().toSeconds();
        job.leaseExpiresAt = job.createdAt.plus(by.duration());
      }
      case Liveness.OfRun by -> job.liveness = Job.By.RUN;
      case Liveness.UntilCleanup by -> job.liveness = Job.By.CLEANUP;
    }
    return job;
  }

  /**
   * The job, if something may be attached to it.
   *
   * @throws Problem.InTheWay when it ends
   */
  static Job usable(Job job) {
    if (job.state != Job.State.ACTIVE) {
      throw new Problem.InTheWay(
          "JOB", "job/" + job.name, "job '" + job.name + "' is being cleaned up");
    }
    return job;
  }
}
