package io.joblet.storage.host.linux;

import com.sun.jna.LastErrorException;

/**
 * System calls on files, typed and with their failures as {@link KernelRefusal}. Where the man page
 * lets a call be interrupted (open, fallocate, read, write, fsync) EINTR is retried; close(2) never
 * is, since on Linux the descriptor is gone even then.
 */
final class Syscalls {
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_REMOVEDIR = 0x200;
  static final int AT_EMPTY_PATH = 0x1000;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_TRUNC = 0x200;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;
  // These two differ between architectures; see arch/arm64/include/uapi/asm/fcntl.h.
  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
  static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;
  static final int O_NOFOLLOW = ARM ? 0x8000 : 0x20000;

  private static final int S_IFCHR = 0x2000;

  static final int RENAME_NOREPLACE = 1;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  /** Those before, these, and those after: wait, write, wait. */
  private static final int WRITE_BACK = 1 | 2 | 4;

  static final int LOCK_EX_NB = 2 | 4;

  private static final int STATX_BASIC_AND_MOUNT_ID = 0x7ff | 0x1000;
  private static final long SYS_OPENAT2 = 437;
  private static final long SYS_OPEN_BY_HANDLE_AT = ARM ? 265 : 304;

  private Syscalls() {}

  @FunctionalInterface
  interface Call {
    long run();
  }

  static long check(String name, Call call) {
    try {
      return call.run();
    } catch (LastErrorException e) {
      throw new KernelRefusal(name, e.getErrorCode());
    }
  }

  static long retrying(String name, Call call) {
    while (true) {
      try {
        return call.run();
      } catch (LastErrorException e) {
        if (Errno.of(e.getErrorCode()) != Errno.EINTR) {
          throw new KernelRefusal(name, e.getErrorCode());
        }
      }
    }
  }

  /** openat2(2); O_CLOEXEC is always added. */
  static Descriptor openat2(int fd, byte[] path, long flags, int mode, long resolve) {
    byte[] how = new byte[24];
    Struct.of(how).putLong(0, flags | O_CLOEXEC).putLong(8, mode).putLong(16, resolve);
    return new Descriptor(
        (int) retrying("openat2", () -> Libc.syscall(SYS_OPENAT2, fd, path, how, how.length)));
  }

  /** Opens an absolute path of the host's own, such as {@code /dev/loop-control}. */
  static Descriptor open(String path, long flags) {
    return openat2(AT_FDCWD, CString.of(path), flags, 0, 0);
  }

  /** What a handle names in the file system that {@code fd} is in, open_by_handle_at(2). */
  static Descriptor openByHandle(int fd, byte[] handle, long flags) {
    return new Descriptor(
        (int)
            check(
                "open_by_handle_at",
                () -> Libc.syscall(SYS_OPEN_BY_HANDLE_AT, fd, handle, flags | O_CLOEXEC)));
  }

  static void close(int fd) {
    check("close", () -> Libc.close(fd));
  }

  static int ioctl(String name, int fd, long request, byte[] argument) {
    return (int) check(name, () -> Libc.ioctl(fd, request, argument));
  }

  static int ioctl(String name, int fd, long request, long argument) {
    return (int) check(name, () -> Libc.ioctl(fd, request, argument));
  }

  static FileStatus statx(int fd, byte[] path, int flags) {
    byte[] result = new byte[256];
    check("statx", () -> Libc.statx(fd, path, flags, STATX_BASIC_AND_MOUNT_ID, result));
    return FileStatus.parse(result);
  }

  static FileSystemStatus fstatfs(int fd) {
    byte[] result = new byte[120];
    retrying("fstatfs", () -> Libc.fstatfs(fd, result));
    return FileSystemStatus.parse(result);
  }

  static void mkdirat(int fd, byte[] path, int mode) {
    check("mkdirat", () -> Libc.mkdirat(fd, path, mode));
  }

  /** A device node at an absolute path; numbers below 256 and 2^20 as in makedev(3). */
  static void mknod(String path, int mode, int major, int minor) {
    long device = (minor & 0xffL) | (long) major << 8 | (minor & ~0xffL) << 12;
    check("mknodat", () -> Libc.mknodat(AT_FDCWD, CString.of(path), mode, device));
  }

  /** A character device in a directory, numbers below 256. */
  static void mknodat(int fd, byte[] name, int mode, int major, int minor) {
    check("mknodat", () -> Libc.mknodat(fd, name, S_IFCHR | mode, (long) major << 8 | minor));
  }

  static void symlinkat(byte[] target, int fd, byte[] path) {
    check("symlinkat", () -> Libc.symlinkat(target, fd, path));
  }

  static void unlinkat(int fd, byte[] path, int flags) {
    check("unlinkat", () -> Libc.unlinkat(fd, path, flags));
  }

  static void rename(int from, byte[] fromPath, int to, byte[] toPath, int flags) {
    check("renameat2", () -> Libc.renameat2(from, fromPath, to, toPath, flags));
  }

  static void fchmod(int fd, int mode) {
    check("fchmod", () -> Libc.fchmod(fd, mode));
  }

  static void fchown(int fd, int uid, int gid) {
    check("fchown", () -> Libc.fchown(fd, uid, gid));
  }

  static void setExtendedAttribute(int fd, String name, byte[] value) {
    check("fsetxattr", () -> Libc.fsetxattr(fd, CString.of(name), value, value.length, 0));
  }

  /** Returns the length of the value. */
  static int extendedAttribute(int fd, String name, byte[] value) {
    return (int)
        check("fgetxattr", () -> Libc.fgetxattr(fd, CString.of(name), value, value.length));
  }

  static void removeExtendedAttribute(int fd, String name) {
    check("fremovexattr", () -> Libc.fremovexattr(fd, CString.of(name)));
  }

  /** Names one after the other, each ended by NUL; returns the length of all. */
  static int extendedAttributes(int fd, byte[] names) {
    return (int) check("flistxattr", () -> Libc.flistxattr(fd, names, names.length));
  }

  static void fsync(int fd) {
    retrying("fsync", () -> Libc.fsync(fd));
  }

  /**
   * Writes back what is in memory of a file and waits for it, without a flush of the disk and
   * without the file's length, sync_file_range(2): only a commit of the file system makes it
   * durable.
   */
  static void writeBack(int fd) {
    retrying("sync_file_range", () -> Libc.sync_file_range(fd, 0, 0, WRITE_BACK));
  }

  static void syncfs(int fd) {
    retrying("syncfs", () -> Libc.syncfs(fd));
  }

  static void flock(int fd, int operation) {
    retrying("flock", () -> Libc.flock(fd, operation));
  }

  static void fallocate(int fd, long offset, long length) {
    retrying("fallocate", () -> Libc.fallocate(fd, 0, offset, length));
  }

  static void ftruncate(int fd, long length) {
    retrying("ftruncate", () -> Libc.ftruncate(fd, length));
  }

  /** The next place from there on that is no hole, lseek(2) SEEK_DATA, or -1. */
  static long nextData(int fd, long from) {
    try {
      return check("lseek", () -> Libc.lseek(fd, from, SEEK_DATA));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENXIO)) {
        return -1;
      }
      throw e;
    }
  }

  /** Where the next hole begins; every file ends with one. */
  static long nextHole(int fd, long from) {
    return check("lseek", () -> Libc.lseek(fd, from, SEEK_HOLE));
  }

  /** Some of it, from and to the same offset; returns how much. */
  static long copyRange(int from, int to, long offset, long length) {
    byte[] here = new byte[8];
    byte[] there = new byte[8];
    Struct.of(here).putLong(0, offset);
    Struct.of(there).putLong(0, offset);
    return retrying(
        "copy_file_range", () -> Libc.copy_file_range(from, here, to, there, length, 0));
  }

  static int getdents(int fd, byte[] buffer) {
    return (int) check("getdents64", () -> Libc.getdents64(fd, buffer, buffer.length));
  }

  static int pread(int fd, byte[] buffer, long offset) {
    return (int) retrying("pread", () -> Libc.pread(fd, buffer, buffer.length, offset));
  }

  static void pwrite(int fd, byte[] bytes, long offset) {
    long written = retrying("pwrite", () -> Libc.pwrite(fd, bytes, bytes.length, offset));
    if (written != bytes.length) {
      throw new IllegalStateException("wrote " + written + " of " + bytes.length + " bytes");
    }
  }

  static int read(int fd, byte[] buffer) {
    return (int) retrying("read", () -> Libc.read(fd, buffer, buffer.length));
  }

  /** All of it; the reader may be slow. */
  static void write(int fd, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      byte[] rest = done == 0 ? bytes : java.util.Arrays.copyOfRange(bytes, done, bytes.length);
      done += (int) retrying("write", () -> Libc.write(fd, rest, rest.length));
    }
  }

  /** Reading end first; both close-on-exec. */
  static Descriptor[] pipe() {
    int[] ends = new int[2];
    check("pipe2", () -> Libc.pipe2(ends, O_CLOEXEC));
    return new Descriptor[] {new Descriptor(ends[0]), new Descriptor(ends[1])};
  }

  /** A file without a name, memfd_create(2). */
  static Descriptor memoryFile(String name) {
    return new Descriptor(
        (int) check("memfd_create", () -> Libc.memfd_create(CString.of(name), 1)));
  }

  /** Whether there is something to read, or the other end is gone, before the time is over. */
  static boolean readable(int fd, int timeoutMillis) {
    byte[] watched = new byte[8];
    Struct.of(watched).putInt(0, fd).putInt(4, 1);
    return retrying("poll", () -> Libc.poll(watched, 1, timeoutMillis)) > 0;
  }

  static int effectiveUid() {
    return Libc.geteuid();
  }
}
