package io.joblet.storage.host.linux;

import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Subvolumes that are protected from what the daemon does with them. Whoever owns one can make it
 * read-only, as an unprivileged user outside of jobs can, or a job that has no filter, and then
 * nobody moves it or deletes what is nested in it (EROFS).
 */
final class ProtectedSubvolumes {
  private static final Logger LOG = Logger.getLogger(ProtectedSubvolumes.class);

  /** Of a file, by its inode and its subvolume, without a parent; fs/btrfs/export.h. */
  private static final int HANDLE_TYPE = 0x4d;

  private static final int HANDLE_BYTES = 20;

  private ProtectedSubvolumes() {}

  /**
   * Does it while the subvolume there can be written, and makes it read-only again if it was. One
   * whose daemon dies in between can be written from then on, and so can one that is too full.
   *
   * @throws KernelRefusal EDQUOT where a full volume has no room even for this, before anything was
   *     done
   */
  static void whileWritable(Place place, Runnable work) {
    try (Descriptor top = place.openDirectoryForUse()) {
      boolean readOnly = BtrfsCalls.setReadOnly(top, false);
      try {
        work.run();
      } finally {
        if (readOnly) {
          restore(top);
        }
      }
    }
  }

  /** What was done counts, and is not told as failed because of this. */
  private static void restore(Descriptor top) {
    try {
      BtrfsCalls.setReadOnly(top, true);
    } catch (KernelRefusal e) {
      LOG.warnf("a subvolume that was read-only can be written now: %s", e.getMessage());
    }
  }

  /**
   * For good, before it is deleted; takes what chattr(1) sets from its top directory, too. Nothing
   * where it has gone.
   */
  static void unprotect(Descriptor anyDirectory, long subvolume) {
    with(anyDirectory, subvolume, BtrfsCalls.TOP_INODE, ProtectedSubvolumes::unprotect);
  }

  /** The same for the one whose top that is. */
  static void unprotect(Descriptor top) {
    BtrfsCalls.setReadOnly(top, false);
    FileFlags.clearProtection(top);
  }

  /** Takes what chattr(1) sets from a directory in which a subvolume is nested. */
  static void unprotectDirectory(Descriptor anyDirectory, long subvolume, long inode) {
    with(anyDirectory, subvolume, inode, FileFlags::clearProtection);
  }

  private static void with(
      Descriptor anyDirectory, long subvolume, long inode, Consumer<Descriptor> work) {
    try (Descriptor directory = open(anyDirectory, subvolume, inode)) {
      work.accept(directory);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ESTALE, Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /** Wherever it is: a path could be changed by its owner. Generation 0 matches any. */
  private static Descriptor open(Descriptor anyDirectory, long subvolume, long inode) {
    byte[] handle = new byte[8 + HANDLE_BYTES];
    Struct.of(handle)
        .putInt(0, HANDLE_BYTES)
        .putInt(4, HANDLE_TYPE)
        .putLong(8, inode)
        .putLong(16, subvolume);
    return Syscalls.openByHandle(
        anyDirectory.fd(), handle, Syscalls.O_RDONLY | Syscalls.O_DIRECTORY);
  }
}
