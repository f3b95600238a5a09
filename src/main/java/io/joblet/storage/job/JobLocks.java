package io.joblet.storage.job;

import io.joblet.storage.journal.KeyedLocks;
import io.joblet.storage.journal.KeyedLocks.Held;
import jakarta.enterprise.context.ApplicationScoped;

/** Who works on which job. A job is locked before its volumes, never after. */
@ApplicationScoped
public class JobLocks {
  private final KeyedLocks<String> locks = new KeyedLocks<>();

  public Held lock(String jobName) {
    return locks.lock(jobName);
  }

  /** Whether nobody works on any job. */
  boolean idle() {
    return locks.inUse().isEmpty();
  }
}
