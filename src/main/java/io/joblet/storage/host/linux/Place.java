package io.joblet.storage.host.linux;

import static io.joblet.storage.host.linux.Syscalls.AT_SYMLINK_NOFOLLOW;
import static io.joblet.storage.host.linux.Syscalls.O_DIRECTORY;
import static io.joblet.storage.host.linux.Syscalls.O_NOFOLLOW;
import static io.joblet.storage.host.linux.Syscalls.O_PATH;
import static io.joblet.storage.host.linux.Syscalls.O_RDONLY;

import io.joblet.storage.host.linux.Beneath.Mounts;
import java.util.Optional;

/**
 * A name in a directory that is held open: what every operation on a managed path works with. The
 * way to the directory stays on the root's own mount; the name itself may be a mount point.
 */
final class Place implements AutoCloseable {
  private final Descriptor parent;
  private final String name;

  private Place(Descriptor parent, String name) {
    this.parent = parent;
    this.name = name;
  }

  /** Fails with ENOENT when the parent is absent. */
  static Place of(Descriptor root, String relative) {
    int slash = relative.lastIndexOf('/');
    String directory = slash < 0 ? "." : relative.substring(0, slash);
    Descriptor parent = Beneath.open(root, directory, O_RDONLY | O_DIRECTORY, Mounts.STAY);
    return new Place(parent, relative.substring(slash + 1));
  }

  /**
   * The same place in a job's file system: the root that the daemon mounted on the job's directory,
   * which is entered, is the base then.
   */
  static Place inJob(Descriptor jobs, String relative) {
    int slash = relative.indexOf('/');
    if (slash < 0) {
      return of(jobs, relative);
    }
    try (Descriptor job =
        Beneath.open(
            jobs, relative.substring(0, slash), O_PATH | O_DIRECTORY | O_NOFOLLOW, Mounts.CROSS)) {
      boolean ownRoot = job.status().mountRoot() && job.fileSystem().is(FileSystemStatus.TMPFS);
      return ownRoot ? of(job, relative.substring(slash + 1)) : of(jobs, relative);
    }
  }

  /** The same place by a copy of its mount that is writable, where nobody else sees it. */
  Place writable() {
    Descriptor copy = MountCalls.cloneMount(parent);
    try {
      MountCalls.makeWritable(copy);
      return new Place(copy, name);
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  Descriptor parent() {
    return parent;
  }

  String name() {
    return name;
  }

  byte[] cName() {
    return CString.of(name);
  }

  /** What is there, a mount on it included, or empty. A symlink is itself. */
  Optional<FileStatus> status() {
    try {
      return Optional.of(Syscalls.statx(parent.fd(), cName(), AT_SYMLINK_NOFOLLOW));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** The directory there, or the top of what is mounted on it, to look at and to mount on. */
  Descriptor openDirectory() {
    return Beneath.open(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW, Mounts.CROSS);
  }

  /** Like {@link #openDirectory}, for calls that refuse an O_PATH descriptor. */
  Descriptor openDirectoryForUse() {
    return Beneath.open(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, Mounts.CROSS);
  }

  Descriptor open(long flags) {
    return Beneath.open(parent, name, flags | O_NOFOLLOW, Mounts.STAY);
  }

  Descriptor create(long flags, int mode) {
    return Beneath.open(parent, cName(), flags | O_NOFOLLOW | Syscalls.O_CREAT, mode, Mounts.STAY);
  }

  /** A file of its own, to read and write: who still has the one that was there has another. */
  Descriptor createAnew(int mode) {
    if (status().isPresent()) {
      unlink();
    }
    return create(Syscalls.O_RDWR | Syscalls.O_EXCL, mode);
  }

  /**
   * Gives it the other place's name.
   *
   * @param flags of renameat2(2); 0 takes the place of what is there
   */
  void rename(Place to, int flags) {
    Syscalls.rename(parent.fd(), cName(), to.parent.fd(), to.cName(), flags);
  }

  void unlink() {
    Syscalls.unlinkat(parent.fd(), cName(), 0);
  }

  /** Removes what a step that failed may have left; that this fails too is told with it. */
  void unlinkAfter(RuntimeException failure) {
    try {
      unlink();
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENOENT)) {
        failure.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() {
    parent.close();
  }
}
