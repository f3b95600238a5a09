package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;

/**
 * The top directory of an unmounted ext4 and how many inodes there are, read from the image by the
 * layout in the kernel's {@code Documentation/filesystems/ext4}.
 */
record Ext4Top(long inodes, int mode, int uid, int gid) {
  private static final int SUPERBLOCK = 1024;
  private static final int MAGIC = 0xEF53;
  private static final int INCOMPATIBLE_64BIT = 0x80;

  static Ext4Top read(Descriptor image) {
    Struct superblock = superblock(image);
    long blockSize = blockSize(superblock);
    long firstBlock = superblock.getInt(20);
    Struct firstGroup = at(image, (firstBlock + 1) * blockSize, 64);
    long inodeTable = Integer.toUnsignedLong(firstGroup.getInt(8)) * blockSize;
    // Inodes count from 1 and the top directory is number 2.
    Struct top = at(image, inodeTable + superblock.getShort(88), 128);
    return new Ext4Top(
        Integer.toUnsignedLong(superblock.getInt(0)),
        top.getShort(0) & 07777,
        top.getShort(2) | top.getShort(120) << 16,
        top.getShort(24) | top.getShort(122) << 16);
  }

  /** Whether there is one at all. */
  static boolean isIn(Descriptor source) {
    return at(source, SUPERBLOCK, 1024).getShort(56) == MAGIC;
  }

  /**
   * Whether it was ever mounted writable: {@code s_mtime} is 0 until then. Not {@code s_mnt_count},
   * which e2fsck(8) sets back.
   */
  static boolean wasMounted(Descriptor source) {
    return superblock(source).getInt(44) != 0;
  }

  /** How far the file system in an image, or on its device, reaches. */
  static long fileSystemBytes(Descriptor source) {
    Struct superblock = superblock(source);
    boolean wide = (superblock.getInt(96) & INCOMPATIBLE_64BIT) != 0;
    long blocks = Integer.toUnsignedLong(superblock.getInt(4));
    long more = wide ? Integer.toUnsignedLong(superblock.getInt(336)) << 32 : 0;
    return (more | blocks) * blockSize(superblock);
  }

  private static Struct superblock(Descriptor source) {
    Struct superblock = at(source, SUPERBLOCK, 1024);
    if (superblock.getShort(56) != MAGIC) {
      throw new HostException("there is no ext4 in the image", "EINVAL");
    }
    return superblock;
  }

  private static long blockSize(Struct superblock) {
    return 1024L << superblock.getInt(24);
  }

  private static Struct at(Descriptor image, long offset, int length) {
    byte[] bytes = new byte[length];
    Syscalls.pread(image.fd(), bytes, offset);
    return Struct.of(bytes);
  }
}
