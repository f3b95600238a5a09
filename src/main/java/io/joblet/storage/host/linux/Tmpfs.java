package io.joblet.storage.host.linux;

import static io.joblet.storage.host.linux.FileSystemStatus.NODEV;
import static io.joblet.storage.host.linux.FileSystemStatus.NOSUID;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.LimitTmpfs;
import io.joblet.storage.host.HostOperation.MountTmpfs;
import io.joblet.storage.host.ManagedPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Volumes in memory, tmpfs(5). Zero means "no limit" to the kernel and is refused here. */
final class Tmpfs {
  private static final String SOURCE = "joblet";

  private final Roots roots;
  private final Unmounts unmounts;

  Tmpfs(Roots roots, Unmounts unmounts) {
    this.roots = roots;
    this.unmounts = unmounts;
  }

  void mount(MountTmpfs step) {
    requirePositive(step.sizeBytes(), "size");
    requirePositive(step.inodeLimit(), "inode limit");
    try (Place place = roots.place(step.target());
        Descriptor target = place.openDirectory()) {
      if (target.status().mountRoot()) {
        checkOurs(step.target(), target);
        reconfigure(target, step);
      } else {
        publish(step, target);
      }
      try (Descriptor mounted = place.openDirectory()) {
        checkLimits(step.target(), mounted, step.sizeBytes(), step.inodeLimit());
      }
    }
  }

  void unmount(MountTmpfs step) {
    unmounts.unmount(step.target(), Tmpfs::isOurs);
  }

  /** Nothing to do where nothing is mounted: the next mount brings the new limits. */
  void limit(LimitTmpfs step, long sizeBytes) {
    requirePositive(sizeBytes, "size");
    Optional<Place> found = roots.find(step.target());
    if (found.isEmpty()) {
      return;
    }
    try (Place place = found.get()) {
      if (place.status().filter(FileStatus::mountRoot).isEmpty()) {
        return;
      }
      try (Descriptor mounted = place.openDirectory()) {
        checkOurs(step.target(), mounted);
        Map<String, String> options = limits(sizeBytes, step.inodeLimit());
        NewMount.reconfigure(mounted, options);
        checkLimits(step.target(), mounted, sizeBytes, step.inodeLimit());
      }
    }
  }

  /** One from before can have other limits: its size changed, or the inodes that go with a size. */
  private static void reconfigure(Descriptor mounted, MountTmpfs step) {
    FileSystemStatus found = mounted.fileSystem();
    if (!hasLimits(found, step.sizeBytes(), step.inodeLimit())) {
      NewMount.reconfigure(mounted, limits(step.sizeBytes(), step.inodeLimit()));
    }
  }

  private static void publish(MountTmpfs step, Descriptor target) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("source", SOURCE);
    options.putAll(limits(step.sizeBytes(), step.inodeLimit()));
    options.put("mode", Integer.toOctalString(step.mode()));
    options.put("uid", Long.toString(step.uid()));
    options.put("gid", Long.toString(step.gid()));
    long attributes = MountCalls.ATTR_NOSUID | MountCalls.ATTR_NODEV;
    try (Descriptor tree = NewMount.make("tmpfs", options, attributes)) {
      MountCalls.moveMount(tree, target);
    }
  }

  private static Map<String, String> limits(long sizeBytes, long inodeLimit) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("size", Long.toString(sizeBytes));
    if (inodeLimit > 0) {
      options.put("nr_inodes", Long.toString(inodeLimit));
    }
    return options;
  }

  /** The kernel rounds the size up to whole pages. */
  private static void checkLimits(
      ManagedPath path, Descriptor mounted, long sizeBytes, long inodeLimit) {
    FileSystemStatus found = mounted.fileSystem();
    if (!hasLimits(found, sizeBytes, inodeLimit)) {
      throw new HostException(
          path
              + " has "
              + found.sizeBytes()
              + " bytes and "
              + found.files()
              + " inodes, not "
              + sizeBytes
              + " and "
              + inodeLimit,
          "EEXIST");
    }
  }

  private static boolean hasLimits(FileSystemStatus found, long sizeBytes, long inodeLimit) {
    long pages = (sizeBytes + found.blockSize() - 1) / found.blockSize();
    return found.blocks() == pages && (inodeLimit <= 0 || found.files() == inodeLimit);
  }

  private void checkOurs(ManagedPath path, Descriptor mounted) {
    if (!isOurs(mounted)) {
      throw roots.obstacles().at(path, Errno.EEXIST);
    }
  }

  private static boolean isOurs(Descriptor mounted) {
    FileSystemStatus found = mounted.fileSystem();
    return found.is(FileSystemStatus.TMPFS) && found.has(NOSUID | NODEV);
  }

  private static void requirePositive(long value, String what) {
    if (value <= 0) {
      throw new IllegalArgumentException("a tmpfs needs a " + what + " above 0, was " + value);
    }
  }
}
