package io.joblet.storage.host.linux;

/**
 * Subvolumes that are protected from what the daemon does with them: whoever owns one, an
 * unprivileged job too, can make it read-only, and then nobody moves it or deletes what is nested
 * in it (EROFS).
 */
final class ProtectedSubvolumes {
  /** Of a file, by its inode and its subvolume, without a parent; fs/btrfs/export.h. */
  private static final int HANDLE_TYPE = 0x4d;

  private static final int HANDLE_BYTES = 20;

  private ProtectedSubvolumes() {}

  /**
   * Does it while the subvolume there can be written, and makes it read-only again. One whose
   * daemon dies in between can be written from then on.
   *
   * @return whether a read-only subvolume is there; if not, nothing was done
   */
  static boolean whileWritable(Place place, Runnable work) {
    if (!Subvolumes.isTop(place)) {
      return false;
    }
    try (Descriptor top = place.openDirectoryForUse()) {
      if (!BtrfsCalls.isReadOnly(top)) {
        return false;
      }
      BtrfsCalls.setReadOnly(top, false);
      try {
        work.run();
      } finally {
        BtrfsCalls.setReadOnly(top, true);
      }
      return true;
    }
  }

  /** For good, before it is deleted; takes what chattr(1) sets from its top directory, too. */
  static void unprotect(Descriptor anyDirectory, long subvolume) {
    try (Descriptor top = open(anyDirectory, subvolume, BtrfsCalls.TOP_INODE)) {
      if (BtrfsCalls.isReadOnly(top)) {
        BtrfsCalls.setReadOnly(top, false);
      }
      FileFlags.clearProtection(top);
    }
  }

  /** Takes what chattr(1) sets from a directory in which a subvolume is nested. */
  static void unprotectDirectory(Descriptor anyDirectory, long subvolume, long inode) {
    try (Descriptor directory = open(anyDirectory, subvolume, inode)) {
      FileFlags.clearProtection(directory);
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
