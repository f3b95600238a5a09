package io.joblet.storage.host.linux;

import static io.joblet.storage.host.linux.FileSystemStatus.NODEV;
import static io.joblet.storage.host.linux.FileSystemStatus.NOSUID;
import static io.joblet.storage.host.linux.FileSystemStatus.READ_ONLY;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.BindMount;
import java.util.Optional;

/**
 * Volumes shown in jobs. A bind is identified by the file at its top (device and inode), which
 * costs two system calls however long the mount table is.
 */
final class Binds {
  private final Roots roots;
  private final Unmounts unmounts;
  private final CopiedSubmounts copiedSubmounts;

  Binds(Roots roots, Unmounts unmounts) {
    this.roots = roots;
    this.unmounts = unmounts;
    this.copiedSubmounts = new CopiedSubmounts(roots);
  }

  /** Built detached with all its attributes and published by one call, so never seen half made. */
  void bind(BindMount step) {
    try (Place from = roots.place(step.source());
        Descriptor source = from.openDirectory();
        Place to = roots.place(step.target());
        Descriptor target = to.openDirectory()) {
      FileStatus there = target.status();
      if (there.mountRoot()) {
        checkDone(step, source, target, there);
        return;
      }
      if (step.mounted() && !source.status().mountRoot()) {
        throw new HostException(
            step.source() + " is not mounted; see what 'rnx volume doctor' says of it", "ESTALE");
      }
      long readOnly = step.readOnly() ? MountCalls.ATTR_RDONLY : 0;
      try (Descriptor tree = MountCalls.cloneTree(source)) {
        MountCalls.setAttributes(
            tree, MountCalls.ATTR_NOSUID | MountCalls.ATTR_NODEV | readOnly, true);
        MountCalls.moveMount(tree, target);
      }
    }
  }

  /** All or nothing: where a copy in another namespace is in use, ours is put back. */
  void unbind(BindMount step) {
    boolean shown = isShown(step);
    try {
      unbindEverywhere(step);
    } catch (HostException e) {
      if (e.busy() && shown && !isShown(step)) {
        bindAgain(step, e);
      }
      throw e;
    }
  }

  private boolean isShown(BindMount step) {
    return new Looks(roots).status(step.target()).filter(FileStatus::mountRoot).isPresent();
  }

  private void bindAgain(BindMount step, HostException why) {
    try {
      bind(step);
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  private void unbindEverywhere(BindMount step) {
    try {
      unmounts.unmount(step.target(), top -> isOurs(step, top));
    } catch (HostException e) {
      if (!e.busy() || !copiedSubmounts.unmount(step.source(), step.target())) {
        throw e;
      }
      unmounts.unmount(step.target(), top -> isOurs(step, top));
    }
  }

  private void checkDone(BindMount step, Descriptor source, Descriptor target, FileStatus there) {
    FileSystemStatus mounted = target.fileSystem();
    if (!there.sameFile(source.status())) {
      throw roots.obstacles().at(step.target(), Errno.EEXIST);
    }
    boolean sourceReadOnly = source.fileSystem().has(READ_ONLY);
    boolean readOnlyAsAsked = mounted.has(READ_ONLY) == (step.readOnly() || sourceReadOnly);
    if (!mounted.has(NOSUID | NODEV) || !readOnlyAsAsked) {
      throw new HostException(
          step.target() + " shows " + step.source() + " already, but with other options", "EEXIST");
    }
  }

  /**
   * The source's own file is at the top. Where the source is gone, be it deleted or unmounted by
   * somebody, what carries our options at our place is taken for the bind that is left of it.
   */
  private boolean isOurs(BindMount step, Descriptor top) {
    Optional<FileStatus> source = sourceStatus(step);
    if (source.isPresent() && top.status().sameFile(source.get())) {
      return true;
    }
    FileSystemStatus mounted = top.fileSystem();
    boolean ourOptions = mounted.has(NOSUID | NODEV) && mounted.has(READ_ONLY) == step.readOnly();
    return ourOptions && (source.isEmpty() || volumeWasUnmounted(source.get(), mounted));
  }

  private static boolean volumeWasUnmounted(FileStatus source, FileSystemStatus mounted) {
    boolean ofMountedKind = mounted.is(FileSystemStatus.TMPFS) || mounted.is(FileSystemStatus.EXT4);
    return !source.mountRoot() && ofMountedKind;
  }

  private Optional<FileStatus> sourceStatus(BindMount step) {
    Optional<Place> found = roots.find(step.source());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Place place = found.get()) {
      return place.status();
    }
  }
}
