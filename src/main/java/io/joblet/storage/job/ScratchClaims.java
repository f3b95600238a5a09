package io.joblet.storage.job;

import io.joblet.storage.volume.MemoryClaims;
import jakarta.enterprise.context.ApplicationScoped;

/** What the root file systems of jobs may take of the host's memory. */
@ApplicationScoped
class ScratchClaims implements MemoryClaims {
  private final JobFilesystemStore filesystems;
  private final JobLocks locks;

  ScratchClaims(JobFilesystemStore filesystems, JobLocks locks) {
    this.filesystems = filesystems;
    this.locks = locks;
  }

  @Override
  public long bytes() {
    return filesystems.live().stream().mapToLong(JobFilesystem::memoryBytes).sum();
  }

  @Override
  public boolean idle() {
    return locks.idle();
  }
}
