package io.joblet.storage.simulation;

import io.joblet.storage.job.JobLocks;
import io.joblet.storage.journal.KeyedLocks.Held;
import jakarta.enterprise.inject.Vetoed;
import java.util.List;

/** The locks of jobs, real ones, that are waited for in {@link Taken}. */
@Vetoed
class TakenJobs extends JobLocks {
  private final Taken taken;

  TakenJobs(Taken taken) {
    this.taken = taken;
  }

  @Override
  public Held lock(String owner, String name) {
    return taken.hold(List.of(owner, name), () -> super.lock(owner, name));
  }
}
