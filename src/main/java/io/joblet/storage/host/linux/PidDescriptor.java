package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.ProcessIdentity;
import java.util.Optional;

/**
 * A process held by a descriptor, pidfd_open(2): whatever becomes of its number, this stays the one
 * process, and it can be waited for without being its parent.
 */
final class PidDescriptor implements AutoCloseable {
  private static final long SYS_PIDFD_SEND_SIGNAL = 424;
  private static final long SYS_PIDFD_OPEN = 434;
  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int SIGINFO_SIZE = 128;
  private static final int SI_QUEUE = -1;

  private final Descriptor descriptor;

  private PidDescriptor(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** Empty if exactly that process is no more. */
  static Optional<PidDescriptor> open(ProcessIdentity process, Processes processes) {
    Descriptor descriptor;
    try {
      descriptor =
          new Descriptor(
              (int)
                  Syscalls.check(
                      "pidfd_open", () -> Libc.syscall(SYS_PIDFD_OPEN, process.pid(), 0L, 0L)));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ESRCH, Errno.EINVAL)) {
        return Optional.empty();
      }
      throw e;
    }
    PidDescriptor found = new PidDescriptor(descriptor);
    // Looked at after it is held: from now on the number cannot go to another process unnoticed.
    if (processes.alive(process)) {
      return Optional.of(found);
    }
    found.close();
    return Optional.empty();
  }

  int fd() {
    return descriptor.fd();
  }

  /**
   * Sends a signal with a value, as sigqueue(3) does; false if the process has ended.
   *
   * @param value what the receiver reads as {@code ssi_int}
   * @throws KernelRefusal EAGAIN for a real-time signal, when the receiver's user has as many
   *     pending as the receiver's limit allows; {@link #kill} of SIGKILL does not depend on that
   */
  boolean send(int signal, int value) {
    byte[] information = new byte[SIGINFO_SIZE];
    // si_signo, si_errno, si_code; then, at 16, si_pid, si_uid and si_value.
    Struct.of(information)
        .putInt(0, signal)
        .putInt(8, SI_QUEUE)
        .putInt(16, (int) ProcessHandle.current().pid())
        .putInt(20, 0)
        .putInt(24, value);
    return sent(signal, information);
  }

  boolean kill(int signal) {
    return sent(signal, null);
  }

  private boolean sent(int signal, byte[] information) {
    try {
      Syscalls.check(
          "pidfd_send_signal",
          () -> Libc.syscall(SYS_PIDFD_SEND_SIGNAL, fd(), (long) signal, information, 0L));
      return true;
    } catch (KernelRefusal e) {
      if (e.is(Errno.ESRCH)) {
        return false;
      }
      throw e;
    }
  }

  /** Waits until it has ended; false when the time is over first. */
  boolean ended(int timeoutMillis) {
    return Syscalls.readable(fd(), timeoutMillis);
  }

  /** Takes a child's remains away; nothing for one that is not ours, or not dead. */
  void reap() {
    try {
      Syscalls.check(
          "waitid", () -> Libc.waitid(P_PIDFD, fd(), new byte[SIGINFO_SIZE], WEXITED | WNOHANG));
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ECHILD)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
