package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One daemon for each pool, also when two were given different run directories: flock(2) on the
 * directories themselves, held as long as the daemon runs and released by the kernel when it ends.
 *
 * <p>It begins before anything is made or mounted, at the directory that a mount may hide later:
 * otherwise two first starts would both make an image and mount it over the other's. What is
 * mounted is claimed too, for those who come later and cannot see what is below.
 */
final class PoolClaim implements AutoCloseable {
  private final List<Descriptor> claimed = new ArrayList<>();

  private PoolClaim() {}

  /** Of the volumes directory and of the one where the pool's image is or would be. */
  static PoolClaim begin(LinuxHostSettings settings) {
    PoolClaim claim = new PoolClaim();
    try {
      RootDirectories.make(settings.volumesDirectory());
      claim.add(settings.volumesDirectory());
      if (settings.wantsPool()) {
        claim.add(settings.poolImage().getParent());
      }
      return claim;
    } catch (RuntimeException e) {
      claim.close();
      throw e;
    }
  }

  /** Again, where something has been mounted since. */
  void addIfNew(Path directory) {
    try (Descriptor now = open(directory)) {
      FileStatus status = now.status();
      if (claimed.stream().anyMatch(c -> c.status().sameFile(status))) {
        return;
      }
    }
    add(directory);
  }

  /**
   * The top of a file system that is about to be mounted: whoever finds it there finds it taken.
   */
  void addTop(Descriptor tree, Path directory) {
    add(
        Syscalls.openat2(
            tree.fd(), CString.of("."), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY, 0, 0),
        directory);
  }

  private void add(Path directory) {
    add(open(directory), directory);
  }

  private void add(Descriptor opened, Path directory) {
    try {
      Syscalls.flock(opened.fd(), Syscalls.LOCK_EX_NB);
      claimed.add(opened);
    } catch (KernelRefusal e) {
      opened.close();
      if (!e.is(Errno.EAGAIN)) {
        throw e;
      }
      throw new HostException(
          "another daemon, with another run directory, works on " + directory, e.errnoName());
    }
  }

  private static Descriptor open(Path directory) {
    return Syscalls.open(
        directory.toString(), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW);
  }

  @Override
  public void close() {
    claimed.forEach(Descriptor::close);
  }
}
