package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.MountEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Refuses to delete what something is mounted on. */
final class MountsBelow {
  private MountsBelow() {}

  /** The mount table is read in full only to describe what was found, or on an old kernel. */
  static void refuse(Descriptor parent, Path path, String purpose) {
    String text = path.toString();
    Optional<List<String>> targets = ChildMounts.targets(parent);
    if (targets.isPresent()
        && targets.get().stream().noneMatch(t -> MountTable.isAtOrBelow(t, text))) {
      return;
    }
    List<MountEntry> mounts = MountTable.below(MountTable.read(), text);
    if (!mounts.isEmpty()) {
      throw new HostException(
          "cannot " + purpose + " " + path + ": " + describe(mounts.getFirst()), "EBUSY");
    }
  }

  static String describe(MountEntry mount) {
    return mount.type()
        + " from "
        + mount.source()
        + " (root "
        + mount.root()
        + ") is mounted at "
        + mount.target();
  }
}
