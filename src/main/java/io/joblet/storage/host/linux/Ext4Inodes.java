package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;

/**
 * How many inodes an ext4 of some size can have. mke2fs(8) gives every block group the same number,
 * a multiple of one that depends on the block size, so a limit holds up to that rounding: one more
 * multiple in each group. With blocks as mke2fs.conf(5) has them: of 1 KiB below 512 MiB and of 4
 * KiB from there on.
 *
 * @param groups how many block groups there are
 * @param lastIsSmall whether mke2fs may leave the last one out
 * @param multiple what a group has is a multiple of it
 */
record Ext4Inodes(long groups, boolean lastIsSmall, long multiple) {
  /** Numbers 1 to 10 are the file system's own. */
  static final long RESERVED = 10;

  private static final long LARGE = 512L << 20;
  private static final long SMALL_GROUP = 1024;

  static Ext4Inodes of(long sizeBytes) {
    boolean large = sizeBytes >= LARGE;
    long blockSize = large ? 4096 : 1024;
    // The first block of 1 KiB is the boot block's.
    long blocks = sizeBytes / blockSize - (large ? 0 : 1);
    long perGroup = 8 * blockSize;
    long groups = Math.max(1, Math.ceilDiv(blocks, perGroup));
    long inLast = blocks - (groups - 1) * perGroup;
    return new Ext4Inodes(groups, groups > 1 && inLast < SMALL_GROUP, large ? 16 : 8);
  }

  /**
   * What to ask mke2fs for, so that at least {@code limit} can be used and as few more as it can
   * do.
   *
   * @throws HostException when even the fewest would be more than the limit
   */
  long forLimit(long limit) {
    long fewest = multiple * groups - RESERVED;
    if (limit < fewest && groups > 1) {
      throw new HostException(
          "a file system of this size has at least "
              + fewest
              + " inodes, so a limit of "
              + limit
              + " would not hold; ask for as many, or for a smaller volume",
          "EOPNOTSUPP");
    }
    long inodes = rounded(limit + RESERVED, groups);
    return lastIsSmall ? Math.max(inodes, rounded(limit + RESERVED, groups - 1)) : inodes;
  }

  private long rounded(long inodes, long inGroups) {
    return Math.ceilDiv(Math.ceilDiv(inodes, inGroups), multiple) * multiple * inGroups;
  }
}
