package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.SetOwnership;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ObstacleException;
import java.util.Optional;

/** Plain directories below the roots, and the owner of a volume's top. */
final class Directories {
  private final Roots roots;

  Directories(Roots roots) {
    this.roots = roots;
  }

  /**
   * mkdir obeys the umask and may be all that a killed process did, so the mode is set afterwards;
   * not where something is mounted, whose top belongs to a volume.
   */
  void make(MakeDirectory step) {
    try (Place place = roots.place(step.path())) {
      make(step, place);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EROFS)) {
        throw e;
      }
      // A job's root is read-only to all but this.
      try (Place place = roots.place(step.path());
          Place writable = place.writable()) {
        make(step, writable);
      }
    }
  }

  private void make(MakeDirectory step, Place place) {
    try {
      Syscalls.mkdirat(place.parent().fd(), place.cName(), step.mode());
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
    FileStatus there = place.status().orElseThrow(() -> new KernelRefusal("mkdirat", 2));
    if (!there.isDirectory()) {
      throw roots.obstacles().at(step.path(), Errno.ENOTDIR);
    }
    if (!there.mountRoot()) {
      own(place, there, 0, 0, step.mode());
    }
  }

  void unmake(MakeDirectory step) {
    Optional<Place> found;
    try {
      found = roots.find(step.path());
    } catch (ObstacleException onTheWay) {
      return;
    }
    if (found.isEmpty()) {
      return;
    }
    try (Place place = found.get()) {
      unmake(place);
    }
  }

  private static void unmake(Place place) {
    try {
      Syscalls.unlinkat(place.parent().fd(), place.cName(), Syscalls.AT_REMOVEDIR);
    } catch (KernelRefusal e) {
      boolean left =
          switch (e.errno()) {
            // Absent, used by somebody else, or no directory at all and so not ours: leave it in
            // peace, and go on with the undoing of what is.
            // In a job's read-only root it goes with the root.
            case ENOENT, ENOTEMPTY, EEXIST, ENOTDIR, EROFS -> true;
            // A mount of somebody else's is on it (rmdir(2)); else it is ours to take away later.
            case EBUSY -> place.status().filter(FileStatus::mountRoot).isPresent();
            default -> false;
          };
      if (!left) {
        throw e;
      }
    }
  }

  void setOwnership(SetOwnership step) {
    try (Place place = roots.place(step.path())) {
      FileStatus there = place.status().orElseThrow(() -> new KernelRefusal("statx", 2));
      own(place, there, (int) step.uid(), (int) step.gid(), step.mode());
    }
  }

  /** Unlinks a regular file and nothing else. */
  void removeFile(ManagedPath path) {
    Optional<Place> found = roots.find(path);
    if (found.isEmpty()) {
      return;
    }
    try (Place place = found.get()) {
      Optional<FileStatus> there = place.status();
      if (there.isEmpty()) {
        return;
      }
      if (!there.get().isRegular()) {
        throw roots.obstacles().at(path, Errno.EINVAL);
      }
      place.unlink();
    }
  }

  /** chown clears set-id bits (chown(2)), hence the mode last. */
  private static void own(Place place, FileStatus there, int uid, int gid, int mode) {
    if (there.uid() == uid && there.gid() == gid && there.permissions() == mode) {
      return;
    }
    try (Descriptor directory = place.openDirectoryForUse()) {
      if (there.uid() != uid || there.gid() != gid) {
        Syscalls.fchown(directory.fd(), uid, gid);
      }
      Syscalls.fchmod(directory.fd(), mode);
    }
  }
}
