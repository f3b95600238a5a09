package io.joblet.storage.job;

import java.util.Optional;

/**
 * A root file system that a job asks for.
 *
 * @param userland empty: the host's, or the minimal one where that cannot be used
 * @param directory absolute, with the userland DIRECTORY only
 * @param workBytes sizes of the tmpfs at {@code /work}, {@code /tmp} and {@code /dev/shm}, each
 *     greater than 0
 * @param uid whose {@code /work} is, and whom a command runs as
 */
public record NewFilesystem(
    Optional<Userland> userland,
    Optional<String> directory,
    long workBytes,
    long tmpBytes,
    long shmBytes,
    long uid,
    long gid) {

  /** What it may take of the host's memory. */
  public long memoryBytes() {
    return Math.addExact(Math.addExact(workBytes, tmpBytes), shmBytes);
  }
}
