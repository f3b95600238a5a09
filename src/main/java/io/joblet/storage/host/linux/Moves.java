package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import java.util.Optional;

/**
 * Renames within a root. Into and out of the trash the row alone decides where a volume is, and a
 * repeated {@code Move} settles it, so those two are not synced; every other move is.
 */
final class Moves {
  private final Roots roots;
  private final Syncs syncs;
  private final Optional<Qgroups> qgroups;

  /**
   * Renames.
   *
   * @param qgroups of the pool; empty without one
   */
  Moves(Roots roots, Syncs syncs, Optional<Qgroups> qgroups) {
    this.roots = roots;
    this.syncs = syncs;
    this.qgroups = qgroups;
  }

  void move(ManagedPath from, ManagedPath to) {
    if (from.root() != to.root()) {
      throw new HostException(
          "cannot move " + from + " to " + to + ": they are below different roots", "EXDEV");
    }
    try (Place target = roots.place(to)) {
      rename(from, to, target);
    }
    if (!inTrash(from) && !inTrash(to)) {
      syncs.sync(from.root());
    }
  }

  private void rename(ManagedPath from, ManagedPath to, Place target) {
    try (Place source = roots.place(from)) {
      renameAlsoReadOnly(source, target);
    } catch (KernelRefusal e) {
      boolean there = target.status().isPresent();
      if (e.is(Errno.ENOENT) && there) {
        return;
      }
      if (e.is(Errno.EEXIST)) {
        throw roots.obstacles().at(to, Errno.EEXIST);
      }
      if (e.is(Errno.EBUSY)) {
        throw new HostException(
            "cannot move " + from + ": it is a mount point", "EBUSY", java.util.List.of(), e);
      }
      if (e.is(Errno.ENOENT)) {
        throw new HostException(
            "cannot move " + from + " to " + to + ": neither is there", e.errnoName());
      }
      throw e;
    }
  }

  private void renameAlsoReadOnly(Place source, Place target) {
    Runnable rename = () -> source.rename(target, Syscalls.RENAME_NOREPLACE);
    try {
      rename.run();
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EROFS) || !Subvolumes.isTop(source)) {
        throw e;
      }
      Runnable writable = () -> ProtectedSubvolumes.whileWritable(source, rename);
      try {
        writable.run();
      } catch (KernelRefusal full) {
        if (!full.is(Errno.EDQUOT) || qgroups.isEmpty()) {
          throw full;
        }
        qgroups.get().withoutLimits(Subvolumes.idOf(source), writable);
      }
    }
  }

  private static boolean inTrash(ManagedPath path) {
    return path.components().getFirst().equals(Layout.TRASH);
  }
}
