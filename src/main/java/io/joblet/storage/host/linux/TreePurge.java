package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ManagedPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deletes a directory tree by descriptor. The kernel refuses to enter a mount (RESOLVE_NO_XDEV), so
 * a volume that somebody bound inside is reported and survives; a comparison of device numbers
 * would not see it.
 *
 * <p>Deep trees cost neither stack nor descriptors: what lies deeper than {@value #DEPTH} levels is
 * moved up to the top and deleted from there. On a btrfs the owner can have made subvolumes, out of
 * which no directory can be moved (EXDEV) while they themselves can: each becomes one at the top.
 */
final class TreePurge {
  private static final int DEPTH = 32;
  private static final String MOVED_UP = ".purge-";

  /** Of one directory at a time. */
  private static final int MOST_NAMES = 1 << 12;

  private final Roots roots;

  TreePurge(Roots roots) {
    this.roots = roots;
  }

  void purge(ManagedPath path) {
    Optional<Place> found = roots.find(path);
    if (found.isEmpty()) {
      return;
    }
    try (Place place = found.get()) {
      if (place.status().isEmpty()) {
        return;
      }
      if (!place.status().filter(FileStatus::isDirectory).isPresent()) {
        throw roots.obstacles().at(path, Errno.ENOTDIR);
      }
      try (Descriptor top = enter(place.parent(), place.cName())) {
        new Run(top).empty();
      }
      Syscalls.unlinkat(place.parent().fd(), place.cName(), Syscalls.AT_REMOVEDIR);
    }
  }

  private static Descriptor enter(Descriptor parent, byte[] name) {
    long flags = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW;
    try {
      return Beneath.open(parent, name, flags, 0, Beneath.Mounts.STAY);
    } catch (KernelRefusal e) {
      if (e.is(Errno.EXDEV)) {
        throw new HostException(
            "something is mounted at '" + CString.at(name, 0) + "'; unmount it first", "EBUSY");
      }
      throw e;
    }
  }

  /**
   * What is purged within one subvolume: its top directory, and a number for the names of what is
   * moved up to it.
   */
  private static final class Run {
    private final Descriptor top;
    private final Run outermost;
    private long moved;

    Run(Descriptor top) {
      this.top = top;
      this.outermost = this;
    }

    private Run(Descriptor subvolume, Run outermost) {
      this.top = subvolume;
      this.outermost = outermost;
    }

    void empty() {
      empty(top, 0);
    }

    /**
     * Again and again: a directory can have more names than the memory holds, and to the top others
     * are moved up meanwhile.
     */
    private void empty(Descriptor directory, int depth) {
      List<byte[]> names = names(directory);
      while (!names.isEmpty()) {
        names.forEach(name -> delete(directory, name, depth + 1));
        if (depth > 0 && names.size() < MOST_NAMES) {
          // That was all of it.
          return;
        }
        try (Descriptor again =
            Beneath.open(directory, ".", Syscalls.O_RDONLY, Beneath.Mounts.STAY)) {
          names = names(again);
        }
      }
    }

    private void delete(Descriptor parent, byte[] name, int depth) {
      byte[] cName = CString.of(name);
      try {
        unlink(parent, cName, 0);
      } catch (KernelRefusal e) {
        switch (e.errno()) {
          case ENOENT -> {}
          case EISDIR -> deleteDirectory(parent, cName, depth);
          default -> throw e.because("'" + CString.at(cName, 0) + "'");
        }
      }
    }

    private void deleteDirectory(Descriptor parent, byte[] name, int depth) {
      try (Descriptor directory = enter(parent, name)) {
        if (BtrfsCalls.isTop(directory)) {
          ProtectedSubvolumes.unprotect(directory);
          if (this != outermost || depth > 1) {
            outermost.moveUp(parent, name);
            return;
          }
          new Run(directory, this).empty();
        } else if (depth > DEPTH) {
          moveUp(parent, name);
          return;
        } else {
          empty(directory, depth);
        }
      }
      unlink(parent, name, Syscalls.AT_REMOVEDIR);
    }

    private void moveUp(Descriptor parent, byte[] name) {
      unprotecting(
          parent,
          name,
          () -> {
            boolean taken = true;
            while (taken) {
              taken = !tryMoveUp(parent, name, CString.of(MOVED_UP + moved++));
            }
          });
    }

    private boolean tryMoveUp(Descriptor parent, byte[] name, byte[] to) {
      try {
        Syscalls.rename(parent.fd(), name, top.fd(), to, Syscalls.RENAME_NOREPLACE);
        return true;
      } catch (KernelRefusal e) {
        if (!e.is(Errno.EEXIST)) {
          throw e;
        }
        return false;
      }
    }

    private static void unlink(Descriptor parent, byte[] name, int flags) {
      unprotecting(parent, name, () -> Syscalls.unlinkat(parent.fd(), name, flags));
    }

    /** chattr +i and +a on the entry or on its directory forbid it even to root. */
    private static void unprotecting(Descriptor parent, byte[] name, Runnable work) {
      try {
        work.run();
      } catch (KernelRefusal e) {
        if (!e.is(Errno.EPERM)) {
          throw e;
        }
        FileFlags.clearProtection(parent);
        unprotect(parent, name);
        work.run();
      }
    }

    private static void unprotect(Descriptor parent, byte[] name) {
      FileStatus status = Syscalls.statx(parent.fd(), name, Syscalls.AT_SYMLINK_NOFOLLOW);
      if (status.isRegular() || status.isDirectory()) {
        long flags = Syscalls.O_RDONLY | Syscalls.O_NONBLOCK | Syscalls.O_NOFOLLOW;
        try (Descriptor file = Beneath.open(parent, name, flags, 0, Beneath.Mounts.STAY)) {
          FileFlags.clearProtection(file);
        }
      }
    }

    private static List<byte[]> names(Descriptor directory) {
      List<byte[]> names = new ArrayList<>();
      DirectoryReader.readSome(directory, MOST_NAMES, names::add);
      return names;
    }
  }
}
