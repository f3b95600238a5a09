package io.joblet.storage.host.linux;

/** The kernel's error numbers that are told apart here, as in {@code asm-generic/errno.h}. */
enum Errno {
  EPERM(1, "operation not permitted"),
  ENOENT(2, "no such file or directory"),
  ESRCH(3, "no such process"),
  EINTR(4, "interrupted system call"),
  EIO(5, "input/output error"),
  ENXIO(6, "no such device or address"),
  E2BIG(7, "argument too large"),
  EBADF(9, "bad file descriptor"),
  ECHILD(10, "no child process"),
  EAGAIN(11, "resource temporarily unavailable"),
  ENOMEM(12, "out of memory"),
  EACCES(13, "permission denied"),
  EFAULT(14, "bad address"),
  ENOTBLK(15, "block device required"),
  EBUSY(16, "device or resource busy"),
  EEXIST(17, "file exists"),
  EXDEV(18, "crosses to another mount or file system"),
  ENODEV(19, "no such device"),
  ENOTDIR(20, "not a directory"),
  EISDIR(21, "is a directory"),
  EINVAL(22, "invalid argument"),
  ENFILE(23, "too many open files in the system"),
  EMFILE(24, "too many open files"),
  ENOTTY(25, "operation not supported by this file system or device"),
  ETXTBSY(26, "text file busy"),
  EFBIG(27, "file too large"),
  ENOSPC(28, "no space left on device"),
  EROFS(30, "read-only file system"),
  EMLINK(31, "too many links"),
  EPIPE(32, "nobody has the other end"),
  EDOM(33, "argument out of domain"),
  ERANGE(34, "result too large"),
  ENAMETOOLONG(36, "name too long"),
  ENOSYS(38, "not implemented by this kernel"),
  ENOTEMPTY(39, "directory not empty"),
  ELOOP(40, "a symbolic link is in the way"),
  ENODATA(61, "no data available"),
  EOVERFLOW(75, "value too large"),
  EUCLEAN(117, "file system needs cleaning"),
  EOPNOTSUPP(95, "operation not supported"),
  ESTALE(116, "stale file handle"),
  EDQUOT(122, "disk quota exceeded"),
  /** Any other; the number is in the message. */
  OTHER(-1, "unknown error");

  private static final Errno[] BY_NUMBER = new Errno[134];

  static {
    for (Errno errno : values()) {
      if (errno.number >= 0) {
        BY_NUMBER[errno.number] = errno;
      }
    }
  }

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  static Errno of(int number) {
    Errno known = number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    return known == null ? OTHER : known;
  }

  String text() {
    return text;
  }
}
