package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A btrfs in a file, for hosts without one. The file is allocated in full: a sparse one makes every
 * sync several times slower, and could run out of space under acknowledged data.
 */
final class PoolImage {
  private static final String UNFINISHED = ".unfinished";
  private static final int MOST_TRIES = 20;
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long ATTRIBUTES =
      MountCalls.ATTR_NOSUID | MountCalls.ATTR_NODEV | MountCalls.ATTR_NOATIME;

  private final Path path;
  private final long bytes;
  private final HelperProgram helper;

  PoolImage(Path path, long bytes, HelperProgram helper) {
    this.path = path;
    this.bytes = bytes;
    this.helper = helper;
  }

  boolean exists() {
    return status().isPresent();
  }

  /** Whether that directory is the top of this image's file system. */
  boolean isMountedAt(Descriptor directory) {
    Optional<FileStatus> file = status();
    return file.isPresent()
        && directory.status().mountRoot()
        && loopOf(directory).filter(device -> LoopDevices.backedBy(device, file.get())).isPresent();
  }

  /** Built under another name and renamed, so that an image which exists is a finished one. */
  void make() {
    try (Place unfinished = place(path.getFileName() + UNFINISHED)) {
      try {
        allocate(unfinished);
        format();
        publish(unfinished);
      } catch (RuntimeException e) {
        unfinished.unlinkAfter(e);
        throw e;
      }
    }
  }

  /**
   * A discard would punch holes into what was allocated.
   *
   * @param unseen is given the file system's top while nobody else can come by it
   */
  void mountAt(Descriptor directory, Consumer<Descriptor> unseen) {
    try (Place place = place(path.getFileName().toString());
        Descriptor image = place.open(Syscalls.O_RDWR);
        LoopDevices.Attached device = LoopDevices.attach(image, path.toString());
        Descriptor tree =
            NewMount.make("btrfs", Map.of("source", device.path(), "nodiscard", ""), ATTRIBUTES)) {
      unseen.accept(tree);
      MountCalls.moveMount(tree, directory);
    }
  }

  private void allocate(Place unfinished) {
    // A mkfs that outlived its daemon may still write to the former one.
    try (Descriptor file = unfinished.createAnew(0600)) {
      FileFlags.noCopyOnWrite(file);
      Syscalls.fallocate(file.fd(), 0, bytes);
    }
  }

  /**
   * Tried again where mkfs.btrfs cannot say whether its file is mounted: it looks at all loop
   * devices that are, and gives up when one of somebody else's goes away meanwhile.
   */
  private void format() {
    String mkfs = HelperProgram.require("mkfs.btrfs");
    for (int tries = 1; ; tries++) {
      try {
        helper.run("", mkfs, "-q", "-f", "-K", "-m", "dup", "-d", "single", path + UNFINISHED);
        return;
      } catch (HostException e) {
        if (tries == MOST_TRIES || !e.getMessage().contains("cannot check mount status")) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private void publish(Place unfinished) {
    try (Descriptor file = unfinished.open(Syscalls.O_RDWR)) {
      Syscalls.fsync(file.fd());
    }
    Descriptor parent = unfinished.parent();
    Syscalls.rename(
        parent.fd(),
        unfinished.cName(),
        parent.fd(),
        CString.of(path.getFileName().toString()),
        Syscalls.RENAME_NOREPLACE);
    Syscalls.fsync(parent.fd());
  }

  /** On btrfs st_dev is no block device; the mount's source says which one it is. */
  private static Optional<FileStatus.Device> loopOf(Descriptor directory) {
    long mountId = directory.status().mountId();
    return MountTable.read().stream()
        .filter(m -> m.mountId() == mountId && m.source().matches("/dev/loop[0-9]+"))
        .map(m -> Integer.parseInt(m.source().substring("/dev/loop".length())))
        .map(number -> new FileStatus.Device(LoopDevices.MAJOR, number))
        .findFirst();
  }

  private Optional<FileStatus> status() {
    try (Place place = place(path.getFileName().toString())) {
      return place.status();
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Place place(String name) {
    try (Descriptor directory =
        Syscalls.open(path.getParent().toString(), Syscalls.O_RDONLY | Syscalls.O_DIRECTORY)) {
      return Place.of(directory, name);
    }
  }
}
