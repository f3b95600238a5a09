package io.joblet.storage.host.linux;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * An open file descriptor that closes once: a second close could hit a number that another thread
 * was given meanwhile. Use after close is refused here rather than by EBADF, for the same reason.
 */
final class Descriptor implements AutoCloseable {
  private static final int CLOSED = -1;

  private final AtomicInteger number;

  Descriptor(int number) {
    this.number = new AtomicInteger(number);
  }

  int fd() {
    int fd = number.get();
    if (fd == CLOSED) {
      throw new IllegalStateException("descriptor is closed");
    }
    return fd;
  }

  FileStatus status() {
    return Syscalls.statx(fd(), CString.EMPTY, Syscalls.AT_EMPTY_PATH);
  }

  FileSystemStatus fileSystem() {
    return Syscalls.fstatfs(fd());
  }

  /** A way to name this very object to calls that take paths only. */
  String procPath() {
    return "/proc/thread-self/fd/" + fd();
  }

  @Override
  public void close() {
    int fd = number.getAndSet(CLOSED);
    if (fd != CLOSED) {
      Syscalls.close(fd);
    }
  }

  /** This one if it is as wanted; else it is closed, also when that cannot be found out. */
  Optional<Descriptor> filter(Predicate<Descriptor> wanted) {
    boolean kept = false;
    try {
      kept = wanted.test(this);
    } finally {
      if (!kept) {
        close();
      }
    }
    return kept ? Optional.of(this) : Optional.empty();
  }
}
