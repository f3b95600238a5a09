package io.joblet.storage.job;

import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;

/** Forgets jobs: their output, then their rows. */
@ApplicationScoped
public class JobRemoval {
  private final JobStore jobs;
  private final JobQueries queries;
  private final JobStop stop;
  private final JobCleanup cleanup;
  private final JobLocks locks;
  private final JobProcesses processes;
  private final HostWork host;
  private final Transactions transactions;

  JobRemoval(
      JobStore jobs,
      JobQueries queries,
      JobStop stop,
      JobCleanup cleanup,
      JobLocks locks,
      JobProcesses processes,
      HostWork host,
      Transactions transactions) {
    this.jobs = jobs;
    this.queries = queries;
    this.stop = stop;
    this.cleanup = cleanup;
    this.locks = locks;
    this.processes = processes;
    this.host = host;
    this.transactions = transactions;
  }

  /**
   * Forgets an ended job. One that only has volumes or a prepared file system is cleaned up first.
   *
   * @param force kill it first if it runs
   * @throws Problem.InTheWay when it runs, or a process keeps a volume busy
   * @throws Problem.NotFound also when somebody else removes it at the same time
   */
  public void remove(String idOrName, boolean force, Caller caller, Reply<Boolean> reply) {
    JobView view = transactions.call(() -> queries.view(queries.require(caller, idOrName)));
    if (force) {
      stop.endCommand(caller, view.job().id.toString(), Duration.ZERO);
    }
    try (Held held = locks.lock(view.job())) {
      UUID id = view.job().id;
      Job now =
          transactions
              .call(() -> jobs.findByIdOptional(id))
              .orElseThrow(() -> new Problem.NotFound("job", view.job().name));
      if (now.state != Job.State.ENDED) {
        JobName name = new JobName(view.job().name);
        Caller asOwner = caller.as(now.owner);
        cleanup.remove(name, "removed by " + caller.principal(), asOwner, reply);
        return;
      }
      // Nothing on the host is left of an ended job but this.
      host.tell(() -> processes.forget(id));
      transactions.run(() -> {
        jobs.deleteById(id);
        reply.record(true);
      });
    }
  }
}
