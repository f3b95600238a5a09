package io.joblet.storage.host.linux;

import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.ObstacleException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says what lies in the way of a step, for people. It looks by paths, which may have changed by
 * then: nothing but words comes of it.
 */
final class Obstacles {
  private final Roots roots;

  Obstacles(Roots roots) {
    this.roots = roots;
  }

  /** What is there has no business to be there. */
  ObstacleException at(ManagedPath place, Errno errno) {
    return at(roots.path(place), errno);
  }

  static ObstacleException at(Path path, Errno errno) {
    return of(path, errno.name(), null);
  }

  /** What is there is mounted, and by somebody else. */
  ObstacleException busy(ManagedPath place, String intent) {
    Path path = roots.path(place);
    return new ObstacleException(path, intent + ": " + whatIs(path), Errno.EBUSY.name(), null);
  }

  /**
   * The first thing on the way to a place that is no plain directory, when the kernel said that
   * there is one.
   */
  ObstacleException onTheWayTo(ManagedPath place, KernelRefusal refusal) {
    Path root = roots.path(place.root());
    Path at = root;
    for (String component : place.components().subList(0, place.components().size() - 1)) {
      at = at.resolve(component);
      if (isInTheWay(at)) {
        return of(at, refusal.errnoName(), refusal);
      }
    }
    return new ObstacleException(
        roots.path(place),
        "something is in the way to " + roots.path(place) + ": " + refusal.getMessage(),
        refusal.errnoName(),
        refusal);
  }

  /** A job's own root is mounted on its directory and is no obstacle. */
  private boolean isInTheWay(Path path) {
    Optional<FileStatus> there = status(path);
    boolean jobRoot = mountAt(path).filter(JobRoots::isRoot).isPresent();
    return there.filter(s -> !s.isDirectory() || (s.mountRoot() && !jobRoot)).isPresent();
  }

  private static ObstacleException of(Path path, String errno, KernelRefusal cause) {
    return new ObstacleException(
        path,
        path + " is in the way: " + whatIs(path) + "; it is left alone, so take it away first",
        errno,
        cause);
  }

  private static String whatIs(Path path) {
    Optional<MountEntry> mount = mountAt(path);
    if (mount.isPresent()) {
      return MountsBelow.describe(mount.get());
    }
    Optional<FileStatus> there = status(path);
    if (there.isEmpty()) {
      return "it has gone meanwhile";
    }
    FileStatus status = there.get();
    if (status.isDirectory()) {
      return "it is a directory that was not made for this";
    }
    return status.isSymlink()
        ? "it is a symbolic link"
        : status.isRegular() ? "it is a file" : "it is a special file";
  }

  private static Optional<FileStatus> status(Path path) {
    try {
      return Optional.of(
          Syscalls.statx(
              Syscalls.AT_FDCWD, CString.of(path.toString()), Syscalls.AT_SYMLINK_NOFOLLOW));
    } catch (KernelRefusal unreachable) {
      return Optional.empty();
    }
  }

  /** The one on top. */
  private static Optional<MountEntry> mountAt(Path path) {
    String target = path.toString();
    return MountTable.read().stream()
        .filter(m -> m.target().equals(target))
        .reduce((first, second) -> second);
  }
}
