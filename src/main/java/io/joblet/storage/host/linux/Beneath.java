package io.joblet.storage.host.linux;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens paths below a directory by openat2(2), so that neither {@code ..} nor a symlink that
 * somebody swaps in under way can lead out of it: the kernel looks while it walks.
 */
final class Beneath {
  /** Whether the way may lead onto another mount. */
  enum Mounts {
    STAY,
    CROSS
  }

  private static final int NO_XDEV = 1;
  private static final int NO_MAGICLINKS = 2;
  private static final int NO_SYMLINKS = 4;
  private static final int BENEATH = 8;
  private static final long DEADLINE = TimeUnit.SECONDS.toNanos(2);
  private static final long PAUSE = TimeUnit.MICROSECONDS.toNanos(50);

  private Beneath() {}

  static Descriptor open(Descriptor directory, String relative, long flags, Mounts mounts) {
    return open(directory, CString.of(relative), flags, 0, mounts);
  }

  /**
   * The kernel answers EAGAIN when a rename somewhere kept it from proving that the path stays
   * below (openat2(2)); that is retried until a deadline, and then reported.
   */
  static Descriptor open(
      Descriptor directory, byte[] relative, long flags, int mode, Mounts mounts) {
    int resolve = BENEATH | NO_SYMLINKS | NO_MAGICLINKS | (mounts == Mounts.STAY ? NO_XDEV : 0);
    long start = System.nanoTime();
    while (true) {
      try {
        return Syscalls.openat2(directory.fd(), relative, flags, mode, resolve);
      } catch (KernelRefusal e) {
        if (!e.is(Errno.EAGAIN) || System.nanoTime() - start > DEADLINE) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE);
      }
    }
  }
}
