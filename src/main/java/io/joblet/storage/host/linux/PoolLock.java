package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One daemon for each run directory: flock(2) on a root-owned file, released by the kernel when the
 * daemon ends in whatever way. The file stays, since to delete it would let two daemons lock two
 * different files of the same name.
 */
final class PoolLock implements AutoCloseable {
  private static final String FILE = "storage.lock";
  private static final int MODE = 0600;

  private final Descriptor file;

  private PoolLock(Descriptor file) {
    this.file = file;
  }

  /** Fails at once, naming the holder, when another process has it. */
  static PoolLock acquire(Path runDirectory) {
    try (Descriptor directory =
        Syscalls.open(
            runDirectory.toString(),
            Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW)) {
      while (true) {
        Descriptor file = open(directory);
        try {
          lock(file, runDirectory);
          if (isStillTheFile(directory, file)) {
            writePid(file);
            return new PoolLock(file);
          }
          file.close();
        } catch (RuntimeException e) {
          file.close();
          throw e;
        }
      }
    }
  }

  private static Descriptor open(Descriptor directory) {
    Descriptor file =
        Beneath.open(
            directory,
            CString.of(FILE),
            Syscalls.O_RDWR | Syscalls.O_CREAT | Syscalls.O_NOFOLLOW,
            MODE,
            Beneath.Mounts.STAY);
    FileStatus status = file.status();
    if (status.uid() == 0 && status.isRegular() && (status.permissions() & 077) == 0) {
      return file;
    }
    file.close();
    throw new HostException("the lock file " + FILE + " is not a file of root's alone", "EPERM");
  }

  private static void lock(Descriptor file, Path runDirectory) {
    try {
      Syscalls.flock(file.fd(), Syscalls.LOCK_EX_NB);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EAGAIN)) {
        throw e;
      }
      throw new HostException(
          "another daemon, pid " + holder(file) + ", holds " + runDirectory.resolve(FILE),
          e.errnoName());
    }
  }

  /** Whoever unlinked the file meanwhile may have made a new one, which is the one to lock. */
  private static boolean isStillTheFile(Descriptor directory, Descriptor file) {
    try {
      FileStatus named =
          Syscalls.statx(directory.fd(), CString.of(FILE), Syscalls.AT_SYMLINK_NOFOLLOW);
      return named.sameFile(file.status());
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private static void writePid(Descriptor file) {
    Syscalls.ftruncate(file.fd(), 0);
    String pid = ProcessHandle.current().pid() + "\n";
    Syscalls.pwrite(file.fd(), pid.getBytes(StandardCharsets.US_ASCII), 0);
  }

  private static String holder(Descriptor file) {
    byte[] pid = new byte[20];
    int length = Syscalls.pread(file.fd(), pid, 0);
    String text = new String(pid, 0, length, StandardCharsets.US_ASCII).strip();
    return text.isEmpty() ? "unknown" : text;
  }

  @Override
  public void close() {
    file.close();
  }
}
