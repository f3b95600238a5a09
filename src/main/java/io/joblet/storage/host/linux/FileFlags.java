package io.joblet.storage.host.linux;

/** Inode flags that chattr(1) sets, {@code linux/fs.h}. */
final class FileFlags {
  private static final long GETFLAGS = Ioctl.read('f', 1, 8);
  private static final long SETFLAGS = Ioctl.write('f', 2, 8);
  private static final int IMMUTABLE = 0x10;
  private static final int APPEND = 0x20;
  private static final int NO_COPY_ON_WRITE = 0x800000;

  private FileFlags() {}

  /** Takes away what forbids even root to delete; a file without such flags is left alone. */
  static void clearProtection(Descriptor file) {
    int flags = get(file);
    int wanted = flags & ~(IMMUTABLE | APPEND);
    if (wanted != flags) {
      set(file, wanted);
    }
  }

  /** Only while the file is empty (ioctl_iflags(2)); a file system without it stays as it is. */
  static void noCopyOnWrite(Descriptor emptyFile) {
    try {
      set(emptyFile, get(emptyFile) | NO_COPY_ON_WRITE);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EOPNOTSUPP, Errno.ENOTTY) && !e.is(Errno.EINVAL)) {
        throw e;
      }
    }
  }

  /** The kernel reads and writes an int, whatever the request number says. */
  private static int get(Descriptor file) {
    byte[] flags = new byte[8];
    Syscalls.ioctl("FS_IOC_GETFLAGS", file.fd(), GETFLAGS, flags);
    return Struct.of(flags).getInt(0);
  }

  private static void set(Descriptor file, int value) {
    byte[] flags = new byte[8];
    Struct.of(flags).putInt(0, value);
    Syscalls.ioctl("FS_IOC_SETFLAGS", file.fd(), SETFLAGS, flags);
  }
}
