package io.joblet.storage.host;

import java.util.Optional;

/**
 * What a job's root file system is made of.
 *
 * @param directory where the userland is taken from; present exactly for {@link
 *     Userland#DIRECTORY}, an absolute path on the host
 * @param workBytes size of the tmpfs at {@code /work}
 * @param tmpBytes size of the tmpfs at {@code /tmp}
 * @param uid owner of {@code /work}
 */
public record JobRoot(
    Userland userland,
    Optional<String> directory,
    long workBytes,
    long tmpBytes,
    long uid,
    long gid) {

  /** Where programs and libraries come from. */
  public enum Userland {
    /** The host's {@code /usr}, read-only. */
    HOST,
    /** A static busybox. */
    MINIMAL,
    /** Any directory with a root file system in it, read-only. */
    DIRECTORY
  }

  public JobRoot {
    if (directory.isPresent() != (userland == Userland.DIRECTORY)) {
      throw new IllegalArgumentException("a directory belongs to the userland DIRECTORY");
    }
    if (workBytes <= 0 || tmpBytes <= 0) {
      // To tmpfs(5) a size of 0 means no limit.
      throw new IllegalArgumentException("a tmpfs needs a size");
    }
  }
}
