package io.joblet.storage.host.linux;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens {@code /dev/loopN}. A device that the kernel has just made may not have its node yet, and
 * in a container's static /dev it never will; then one is made where the daemon may.
 */
final class LoopNode {
  private static final int S_IFBLK_0600 = 0x6000 | 0600;
  private static final long DEADLINE = TimeUnit.SECONDS.toNanos(2);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);

  private LoopNode() {}

  static Descriptor open(int number) {
    long start = System.nanoTime();
    while (true) {
      try {
        return Syscalls.open(LoopDevices.path(number), Syscalls.O_RDWR);
      } catch (KernelRefusal e) {
        if (!e.is(Errno.ENOENT, Errno.ENXIO)) {
          throw e;
        }
        if (System.nanoTime() - start > DEADLINE) {
          return openOwnNode(number);
        }
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private static Descriptor openOwnNode(int number) {
    String path = LoopDevices.path(number);
    try {
      Syscalls.mknod(path, S_IFBLK_0600, LoopDevices.MAJOR, number);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
    return Syscalls.open(path, Syscalls.O_RDWR);
  }
}
