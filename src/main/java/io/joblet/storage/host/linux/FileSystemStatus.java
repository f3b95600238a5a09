package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.Space;

/**
 * What fstatfs(2) says of the mount that a descriptor is on. {@code flags} are those of the mount
 * and of its superblock together.
 */
record FileSystemStatus(
    long type,
    long blockSize,
    long blocks,
    long available,
    long files,
    long freeFiles,
    long flags) {
  static final long BTRFS = 0x9123683EL;
  static final long TMPFS = 0x01021994L;
  static final long EXT4 = 0xEF53L;

  static final long READ_ONLY = 1;
  static final long NOSUID = 2;
  static final long NODEV = 4;

  /** Offsets of struct statfs on 64-bit machines, asm-generic/statfs.h. */
  static FileSystemStatus parse(byte[] bytes) {
    Struct s = Struct.of(bytes);
    return new FileSystemStatus(
        s.getLong(0),
        s.getLong(8),
        s.getLong(16),
        s.getLong(32),
        s.getLong(40),
        s.getLong(48),
        s.getLong(80));
  }

  boolean is(long fileSystemType) {
    return type == fileSystemType;
  }

  boolean has(long flag) {
    return (flags & flag) == flag;
  }

  long sizeBytes() {
    return blocks * blockSize;
  }

  Space space() {
    return new Space(sizeBytes(), available * blockSize, files, freeFiles);
  }
}
