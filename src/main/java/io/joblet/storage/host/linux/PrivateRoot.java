package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.MountEntry;
import java.nio.file.Path;
import java.util.List;

/**
 * A managed root as a private mount of its own, so that what is mounted below it is not copied into
 * the namespaces of others, as it would be under a shared parent.
 */
final class PrivateRoot {
  private PrivateRoot() {}

  /**
   * Binds the directory onto itself unless it is a mount already; then makes sure it is private.
   */
  static void ensure(Path path, long attributes) {
    try (Descriptor directory = open(path)) {
      if (!directory.status().mountRoot()) {
        try (Descriptor tree = MountCalls.cloneTree(directory)) {
          MountCalls.setAttributes(tree, attributes, true);
          MountCalls.moveMount(tree, directory);
        }
      }
    }
    try (Descriptor mounted = open(path)) {
      MountCalls.setAttributes(mounted, attributes, false);
    }
    verify(path);
  }

  static MountEntry entry(Path path) {
    return at(MountTable.read(), path);
  }

  /** With the exception of mounts at {@code own}. */
  static void refuseMountsBelow(Path path, Path own) {
    for (MountEntry mount : MountTable.below(MountTable.read(), path.toString())) {
      boolean expected =
          mount.target().equals(path.toString()) || mount.target().equals(own.toString());
      if (!expected) {
        throw new HostException(MountsBelow.describe(mount), "EBUSY");
      }
    }
  }

  /**
   * Unmounts a root that {@link #ensure} or the pool image put there; an administrator's own mount
   * stays.
   */
  static void release(Path path, boolean imageMount) {
    List<MountEntry> table = MountTable.read();
    if (imageMount || isBoundOntoItself(table, at(table, path))) {
      try (Descriptor parent = open(path.getParent())) {
        MountCalls.unmount(parent, path.getFileName().toString());
      }
    }
  }

  private static void verify(Path path) {
    MountEntry root = entry(path);
    if (!root.propagation().isEmpty()) {
      throw new HostException(
          path + " is not private after it was made so: " + root.propagation(), "");
    }
  }

  private static boolean isBoundOntoItself(List<MountEntry> table, MountEntry root) {
    return table.stream()
        .filter(m -> m.mountId() == root.parentId() && m.device().equals(root.device()))
        .anyMatch(parent ->
            Path.of(parent.target())
                .relativize(Path.of(root.target()))
                .equals(Path.of(parent.root()).relativize(Path.of(root.root()))));
  }

  private static MountEntry at(List<MountEntry> table, Path path) {
    return table.stream()
        .filter(m -> m.target().equals(path.toString()))
        .reduce((first, second) -> second)
        .orElseThrow(() -> new HostException(path + " is not a mount", "EINVAL"));
  }

  private static Descriptor open(Path path) {
    return Syscalls.open(
        path.toString(), Syscalls.O_PATH | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW);
  }
}
