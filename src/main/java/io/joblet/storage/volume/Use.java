package io.joblet.storage.volume;

import java.util.UUID;

/**
 * What a volume uses, as the kernel counts it.
 *
 * @param bytes from 0 on; may be above the size where nothing enforces that
 * @param inodes null where the kernel does not count them
 */
public record Use(UUID volumeId, long bytes, Long inodes, Method method) {

  /** How it is known; the names are in rows. */
  public enum Method {
    /** The volume's level-1 quota group, as of the last commit of btrfs: at most 30 s ago. */
    BTRFS_QGROUP,
    /** statfs(2) of the file system that the volume is, now. */
    STATFS,
    /** A volume in memory that nobody has attached: there is nothing that could hold anything. */
    NOT_MOUNTED
  }
}
