package io.joblet.storage.job;

import io.joblet.storage.host.JobLog;
import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;

/** Opens the output of jobs for readers. */
@ApplicationScoped
public class JobOutputs {
  private final JobStart start;
  private final JobQueries queries;
  private final RunWatch watch;
  private final JobProcesses processes;
  private final HostWork host;

  JobOutputs(
      JobStart start, JobQueries queries, RunWatch watch, JobProcesses processes, HostWork host) {
    this.start = start;
    this.queries = queries;
    this.watch = watch;
    this.processes = processes;
    this.host = host;
  }

  /**
   * What is kept of a job's output, oldest first. A job does not wait for this reader: what is
   * removed before it is read is reported as lost.
   *
   * @throws Problem.NotFound when there is no such job
   * @throws Problem.InTheWay when it never had a command, or its output is kept no longer
   */
  public OutputReader open(Caller caller, String job, boolean follow) {
    JobView view = queries.get(caller, job);
    JobRun run = view.run().orElseThrow(() -> nothing(view, "runs no command and has no output"));
    String why =
        run.state == JobRun.State.FAILED
            ? "has failed, and no output of it is kept"
            : "ended long ago; its output is not kept any more";
    JobLog log =
        host.ask(() -> processes.log(view.job().id, false)).orElseThrow(() -> nothing(view, why));
    return new OutputReader(view, log, follow, false, watch, queries, host);
  }

  /** Starts a job and follows it from the first byte; it waits for this reader. */
  public OutputReader start(NewJob wanted, NewRun run, Caller caller, Reply<JobView> reply) {
    JobStart.Started started = start.start(wanted, run, true, caller, reply);
    return new OutputReader(
        started.view(), started.output().orElseThrow(), true, true, watch, queries, host);
  }

  private static Problem nothing(JobView view, String why) {
    return new Problem.InTheWay(
        "STATE", "job/" + view.job().name, "job '" + view.job().name + "' " + why);
  }
}
