package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.nio.file.Path;

/**
 * The directories that the daemon owns by their absolute paths. Walked from the top by descriptor;
 * a directory on the way that somebody other than root could exchange is refused.
 */
final class RootDirectories {
  private static final int STICKY = 01000;
  private static final int WRITABLE_BY_OTHERS = 022;
  private static final int ON_THE_WAY = 0711;

  private RootDirectories() {}

  /** The directory with mode 0700 and owned by root; those above it that are missing, 0711. */
  static void make(Path path) {
    Descriptor at = open("/");
    try {
      for (int i = 0; i < path.getNameCount(); i++) {
        requireSafe(at, path.subpath(0, i + 1));
        boolean last = i == path.getNameCount() - 1;
        Descriptor next = enter(at, path.getName(i).toString(), last ? 0700 : ON_THE_WAY);
        at.close();
        at = next;
      }
      own(path, at);
    } finally {
      at.close();
    }
  }

  private static void own(Path path, Descriptor directory) {
    FileStatus status = directory.status();
    if (status.uid() != 0) {
      throw new HostException(
          path + " belongs to uid " + status.uid() + ", not to root; it is left alone", "EPERM");
    }
    if (status.permissions() != 0700) {
      Syscalls.fchmod(directory.fd(), 0700);
    }
  }

  private static Descriptor enter(Descriptor at, String name, int mode) {
    try {
      Syscalls.mkdirat(at.fd(), CString.of(name), mode);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
      return open(at, name);
    }
    Descriptor made = open(at, name);
    Syscalls.fchmod(made.fd(), mode);
    Syscalls.fsync(at.fd());
    return made;
  }

  /**
   * Of a directory that is there and stays as it is.
   *
   * @throws HostException if others than root can exchange it, or anything that is in it
   */
  static void requireRootsAlone(Path path) {
    Descriptor at = open("/");
    try {
      for (int i = 0; i < path.getNameCount(); i++) {
        requireSafe(at, path.subpath(0, i + 1));
        Descriptor next = open(at, path.getName(i).toString());
        at.close();
        at = next;
      }
      if (!isRootsAlone(at.status())) {
        throw new HostException(path + " can be changed by others than root", "EPERM");
      }
    } finally {
      at.close();
    }
  }

  private static boolean isRootsAlone(FileStatus status) {
    return status.uid() == 0 && (status.permissions() & WRITABLE_BY_OTHERS) == 0;
  }

  private static void requireSafe(Descriptor directory, Path next) {
    FileStatus status = directory.status();
    boolean sticky = (status.permissions() & STICKY) != 0;
    if (!isRootsAlone(status) && !(status.uid() == 0 && sticky)) {
      throw new HostException(
          "the directory above /" + next + " can be changed by others than root", "EPERM");
    }
  }

  private static Descriptor open(String path) {
    return Syscalls.open(path, Syscalls.O_RDONLY | Syscalls.O_DIRECTORY);
  }

  private static Descriptor open(Descriptor at, String name) {
    try {
      return Syscalls.openat2(
          at.fd(),
          CString.of(name),
          Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW,
          0,
          0);
    } catch (KernelRefusal e) {
      if (e.is(Errno.ELOOP, Errno.ENOTDIR)) {
        throw e.because("'" + name + "' must be a directory and no symlink");
      }
      throw e;
    }
  }
}
