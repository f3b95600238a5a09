package io.joblet.storage.host.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The native leaf: JNA direct mapping to the C library of this process. Nothing but {@link
 * Syscalls}, {@link SocketPair}, {@link MountCalls} and {@link NamespaceVisit} calls it. Structures
 * travel as byte arrays, which JNA copies in and out; {@code size_t}, {@code long} and {@code
 * off_t} are Java longs (LP64).
 *
 * <p>With {@code throws LastErrorException} JNA clears errno before the call and reads it before
 * anything else runs on the thread; every function here leaves errno alone when it succeeds.
 */
final class Libc {
  static {
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  private Libc() {}

  // syscall(2), for what has no wrapper in older C libraries. One overload per shape.
  static native long syscall(long number, long fd, byte[] path, byte[] how, long size)
      throws LastErrorException;

  static native long syscall(long number, long fd, byte[] path, long flags)
      throws LastErrorException;

  static native long syscall(long number, byte[] name, long flags) throws LastErrorException;

  static native long syscall(long number, long fd, long flags, long attributes)
      throws LastErrorException;

  static native long syscall(
      long number, long fd, long command, byte[] key, byte[] value, long auxiliary)
      throws LastErrorException;

  static native long syscall(
      long number, long fd, byte[] path, long number2, byte[] bytes, long last)
      throws LastErrorException;

  static native long syscall(long number, byte[] request, byte[] buffer, long size, long flags)
      throws LastErrorException;

  static native long syscall(long number, long fd, long value, byte[] structure, long flags)
      throws LastErrorException;

  static native int close(int fd) throws LastErrorException;

  static native int ioctl(int fd, long request, byte[] argument) throws LastErrorException;

  static native int ioctl(int fd, long request, long argument) throws LastErrorException;

  static native int statx(int fd, byte[] path, int flags, int mask, byte[] result)
      throws LastErrorException;

  static native int fstatfs(int fd, byte[] result) throws LastErrorException;

  static native int mkdirat(int fd, byte[] path, int mode) throws LastErrorException;

  static native int mknodat(int fd, byte[] path, int mode, long device) throws LastErrorException;

  static native int symlinkat(byte[] target, int fd, byte[] path) throws LastErrorException;

  static native int unlinkat(int fd, byte[] path, int flags) throws LastErrorException;

  static native int renameat2(int from, byte[] fromPath, int to, byte[] toPath, int flags)
      throws LastErrorException;

  static native int fchmod(int fd, int mode) throws LastErrorException;

  static native int fchown(int fd, int uid, int gid) throws LastErrorException;

  static native int fsetxattr(int fd, byte[] name, byte[] value, long size, int flags)
      throws LastErrorException;

  static native long fgetxattr(int fd, byte[] name, byte[] value, long size)
      throws LastErrorException;

  static native int fremovexattr(int fd, byte[] name) throws LastErrorException;

  static native long flistxattr(int fd, byte[] names, long size) throws LastErrorException;

  static native int fsync(int fd) throws LastErrorException;

  static native int syncfs(int fd) throws LastErrorException;

  static native int sync_file_range(int fd, long offset, long length, int flags)
      throws LastErrorException;

  static native int flock(int fd, int operation) throws LastErrorException;

  static native int fallocate(int fd, int mode, long offset, long length) throws LastErrorException;

  static native int ftruncate(int fd, long length) throws LastErrorException;

  static native long lseek(int fd, long offset, int whence) throws LastErrorException;

  static native long copy_file_range(
      int from, byte[] fromOffset, int to, byte[] toOffset, long length, int flags)
      throws LastErrorException;

  static native long getdents64(int fd, byte[] buffer, long size) throws LastErrorException;

  static native long pread(int fd, byte[] buffer, long size, long offset) throws LastErrorException;

  static native long pwrite(int fd, byte[] buffer, long size, long offset)
      throws LastErrorException;

  static native long read(int fd, byte[] buffer, long size) throws LastErrorException;

  static native long readlinkat(int fd, byte[] path, byte[] buffer, long size)
      throws LastErrorException;

  static native long write(int fd, byte[] buffer, long size) throws LastErrorException;

  static native int fcntl(int fd, int command, long argument) throws LastErrorException;

  static native int pipe2(int[] ends, int flags) throws LastErrorException;

  static native int socketpair(int domain, int type, int protocol, int[] ends)
      throws LastErrorException;

  static native long sendmsg(int fd, Pointer message, int flags) throws LastErrorException;

  static native int memfd_create(byte[] name, int flags) throws LastErrorException;

  static native int poll(byte[] watched, long count, int timeout) throws LastErrorException;

  static native int epoll_create1(int flags) throws LastErrorException;

  static native int epoll_ctl(int epoll, int operation, int fd, byte[] event)
      throws LastErrorException;

  static native int epoll_wait(int epoll, byte[] events, int most, int timeout)
      throws LastErrorException;

  static native int waitid(int type, int id, byte[] information, int options)
      throws LastErrorException;

  static native int umount2(byte[] target, int flags) throws LastErrorException;

  static native int unshare(int flags) throws LastErrorException;

  static native int setns(int fd, int type) throws LastErrorException;

  static native int fchdir(int fd) throws LastErrorException;

  static native int geteuid();
}
