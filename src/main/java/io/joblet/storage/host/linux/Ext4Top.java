package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;

/**
 * The top directory of an unmounted ext4 and how many inodes there are, read from the image by the
 * layout in the kernel's {@code Documentation/filesystems/ext4}.
 */
record Ext4Top(long inodes, int mode, int uid, int gid) {
  private static final int SUPERBLOCK = 1024;
  private static final int MAGIC = 0xEF53;

  static Ext4Top read(Descriptor image) {
    Struct superblock = at(image, SUPERBLOCK, 1024);
    if (superblock.getShort(56) != MAGIC) {
      throw new HostException("there is no ext4 in the image", "EINVAL");
    }
    long blockSize = 1024L << superblock.getInt(24);
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

  private static Struct at(Descriptor image, long offset, int length) {
    byte[] bytes = new byte[length];
    Syscalls.pread(image.fd(), bytes, offset);
    return Struct.of(bytes);
  }
}
