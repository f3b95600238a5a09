package io.joblet.storage.volume;

/** What makes a volume's size hold. */
public enum Enforcement {
  /** A level-1 group of btrfs simple quotas around the subvolume and all that is nested in it. */
  BTRFS_QGROUP,
  /** The volume is a file system of its own in an image of that size. */
  EXT4_IMAGE,
  /** The size option of its own tmpfs, tmpfs(5). */
  TMPFS,
  /** Nothing: the operator allowed it. */
  UNENFORCED
}
