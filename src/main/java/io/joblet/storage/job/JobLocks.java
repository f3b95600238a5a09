package io.joblet.storage.job;

import io.joblet.storage.journal.KeyedLocks;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.volume.Attachment;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Who works on which job, by owner and name: there may be no row yet. A job is locked before its
 * volumes, never after.
 */
@ApplicationScoped
public class JobLocks {
  private final KeyedLocks<Key> locks = new KeyedLocks<>();

  private record Key(String owner, String name) {}

  public Held lock(String owner, String name) {
    return locks.lock(new Key(owner, name));
  }

  Held lock(Job job) {
    return lock(job.owner, job.name);
  }

  /** The job that holds the volume so. */
  Held lockHolder(Attachment attachment) {
    return lock(attachment.jobOwner, attachment.jobName);
  }

  /** Whether nobody works on any job. */
  boolean idle() {
    return locks.inUse().isEmpty();
  }
}
