package io.joblet.storage.faults;

import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

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
          "sync_file_range",
          "open_tree",
          "mount_setattr",
          "move_mount",
          "fsopen",
          "fsconfig",
          "fsmount",
          "fspick",
          "umount2",
          "mkdir",
          "rename",
          "unlink",
          "rmdir",
          "chmod",
          "pwrite64",
          "mknodat",
          "symlinkat",
          "symlink",
          "fsetxattr",
          "fremovexattr",
          "pipe2",
          "socketpair",
          "sendmsg",
          "write",
          "pidfd_send_signal");

  private static final Predicate<String> MAKING =
      Pattern.compile("^openat2\\(.*O_CREAT").asPredicate();
  private static final Predicate<String> PRINTING = Pattern.compile("^write\\([12],").asPredicate();

  /** Change nothing, but lie between those that do: also a place to be killed at. */
  static final Set<String> LOOKING =
      Set.of("openat2", "close", "statx", "fstatfs", "fgetxattr", "pidfd_open", "poll", "clone3");

  /** strace shows calls that it has no name for, whatever it was asked, and cannot inject there. */
  boolean known() {
    return CHANGING.contains(name) || LOOKING.contains(name);
  }

  /** What a process prints changes nothing. */
  boolean changes() {
    return MAKING.test(line)
        || (CHANGING.contains(name) && !line.contains("TREE_SEARCH") && !PRINTING.test(line));
  }

  @Override
  public String toString() {
    return name + "#" + ordinal;
  }
}
