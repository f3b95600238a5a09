package io.joblet.storage.host.linux;

/** Request numbers as {@code asm-generic/ioctl.h} builds them. */
final class Ioctl {
  private static final long WRITE = 1L << 30;
  private static final long READ = 2L << 30;

  private Ioctl() {}

  /** Nothing but its argument goes either way ({@code _IO}). */
  static long plain(int type, int number) {
    return (long) type << 8 | number;
  }

  /** The caller gives a structure of {@code size} bytes ({@code _IOW}). */
  static long write(int type, int number, int size) {
    return WRITE | (long) size << 16 | (long) type << 8 | number;
  }

  /** The kernel answers with one ({@code _IOR}). */
  static long read(int type, int number, int size) {
    return READ | (long) size << 16 | (long) type << 8 | number;
  }

  static long readWrite(int type, int number, int size) {
    return READ | WRITE | (long) size << 16 | (long) type << 8 | number;
  }
}
