package io.joblet.storage.simulation;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.JobLog;
import io.joblet.storage.host.JobProcesses;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** No commands are run in the simulation; jobs live by processes of others, leases, or for ever. */
final class NoProcesses implements JobProcesses {
  private static final String NONE = "no commands are run here";

  @Override
  public Supervisor supervise(boolean ownNetwork) {
    throw new AssertionError(NONE);
  }

  @Override
  public void onEnd(ProcessIdentity supervisor, Runnable ended) {
    throw new AssertionError(NONE);
  }

  @Override
  public boolean signal(ProcessIdentity supervisor, int number) {
    throw new AssertionError(NONE);
  }

  @Override
  public void killAll(UUID job) {
    throw new AssertionError(NONE);
  }

  @Override
  public Optional<Ending> ending(UUID job) {
    throw new AssertionError(NONE);
  }

  @Override
  public Optional<JobLog> log(UUID job, boolean lossless) {
    throw new AssertionError(NONE);
  }

  @Override
  public void forget(UUID job) {}

  @Override
  public Set<UUID> remembered() {
    return Set.of();
  }
}
