package io.joblet.storage.faults;

import java.util.Set;

/**
 * A system call of the thread that works on the host.
 *
 * @param ordinal 1 for the first of that name, as strace counts them for {@code when=}
 * @param line as strace wrote it
 */
record HostCall(String name, int ordinal, String line) {
  static final Set<String> CHANGING =
      Set.of(
          "mkdirat",
          "unlinkat",
          "renameat2",
          "ioctl",
          "fchownat",
          "fchown",
          "fchmod",
          "fchmodat",
          "fsync",
          "syncfs",
          "fallocate",
          "ftruncate",
          "copy_file_range",
          "fdatasync",
          "open_tree",
          "mount_setattr",
          "move_mount",
          "fsopen",
          "fsconfig",
          "fsmount",
          "fspick",
          "umount2");

  /** Change nothing, but lie between those that do: also a place to be killed at. */
  static final Set<String> LOOKING = Set.of("openat2", "close", "statx", "fstatfs");

  boolean changes() {
    return CHANGING.contains(name) && !line.contains("TREE_SEARCH");
  }

  @Override
  public String toString() {
    return name + "#" + ordinal;
  }
}
