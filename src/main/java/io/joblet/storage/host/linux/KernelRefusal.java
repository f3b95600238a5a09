package io.joblet.storage.host.linux;

/**
 * One system call that failed. It stays inside this package: {@link LinuxHost} turns it into a
 * {@code HostException} that names the operation. No stack trace, since most of them are expected
 * answers such as ENOENT.
 */
final class KernelRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;
  private final int number;

  KernelRefusal(String call, int number) {
    this(text(call, number), number, null);
  }

  private KernelRefusal(String message, int number, KernelRefusal cause) {
    super(message, cause, false, false);
    this.errno = Errno.of(number);
    this.number = number;
  }

  /** The same refusal with what else the kernel said. */
  KernelRefusal because(String reason) {
    return new KernelRefusal(getMessage() + ": " + reason, number, this);
  }

  Errno errno() {
    return errno;
  }

  /** The name of the error as in errno(3), also of one that is not in {@link Errno}. */
  String errnoName() {
    return errno == Errno.OTHER ? "errno " + number : errno.name();
  }

  boolean is(Errno one) {
    return errno == one;
  }

  boolean is(Errno one, Errno other) {
    return errno == one || errno == other;
  }

  private static String text(String call, int number) {
    Errno errno = Errno.of(number);
    String name = errno == Errno.OTHER ? "errno " + number : errno.name();
    return call + ": " + errno.text() + " (" + name + ")";
  }
}
