package io.joblet.storage.job;

import io.joblet.storage.host.JobProcesses;
import io.joblet.storage.host.JobProcesses.Supervisor;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.HostWork.Asked;
import io.joblet.storage.problem.Problem;
import java.util.Optional;

/**
 * A supervisor that is started while others still write down what it is for; docs/decisions/0023.
 * By one thread. Closed without its having been taken, it ends the supervisor.
 */
final class SupervisorAhead implements AutoCloseable {
  private final HostWork host;
  private final JobProcesses processes;
  private final boolean ownNetwork;
  private Optional<Asked<Supervisor>> started = Optional.empty();

  SupervisorAhead(HostWork host, JobProcesses processes, boolean ownNetwork) {
    this.host = host;
    this.processes = processes;
    this.ownNetwork = ownNetwork;
  }

  /** Starts it and does not wait. Intents may be written twice, and it is started once. */
  void begin() {
    if (started.isEmpty()) {
      started = Optional.of(host.begin(() -> processes.supervise(ownNetwork)));
    }
  }

  /**
   * The supervisor, which is the taker's to close.
   *
   * @throws Problem when it could not be started
   */
  Supervisor take() {
    Asked<Supervisor> taken = started.orElseThrow();
    started = Optional.empty();
    return taken.answer();
  }

  @Override
  public void close() {
    if (started.isPresent()) {
      try {
        Supervisor unused = take();
        host.tell(unused::close);
      } catch (Problem neverStarted) {
        // Then there is nothing to end, and why its job was not started is known better.
      }
    }
  }
}
