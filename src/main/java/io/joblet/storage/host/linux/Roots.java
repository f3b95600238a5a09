package io.joblet.storage.host.linux;

import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.ObstacleException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The managed directories, held open: nothing is ever reached by their paths again. */
final class Roots implements AutoCloseable {
  private final Map<ManagedRoot, Path> paths;
  private final Map<ManagedRoot, Descriptor> descriptors;
  private final Obstacles obstacles = new Obstacles(this);

  private Roots(Map<ManagedRoot, Path> paths, Map<ManagedRoot, Descriptor> descriptors) {
    this.paths = paths;
    this.descriptors = descriptors;
  }

  static Roots open(Path volumes, Path jobs, Path runs) {
    Map<ManagedRoot, Path> paths = new EnumMap<>(ManagedRoot.class);
    paths.put(ManagedRoot.VOLUMES, volumes);
    paths.put(ManagedRoot.JOBS, jobs);
    paths.put(ManagedRoot.RUNS, runs);
    Roots roots = new Roots(paths, new EnumMap<>(ManagedRoot.class));
    try {
      paths.forEach((root, path) ->
          roots.descriptors.put(
              root,
              Syscalls.open(
                  path.toString(),
                  Syscalls.O_RDONLY | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW)));
      return roots;
    } catch (RuntimeException e) {
      roots.close();
      throw e;
    }
  }

  Descriptor descriptor(ManagedRoot root) {
    return descriptors.get(root);
  }

  Path path(ManagedRoot root) {
    return paths.get(root);
  }

  Path path(ManagedPath path) {
    return path(path.root()).resolve(path.relative());
  }

  /**
   * Fails with ENOENT when a directory on the way is absent.
   *
   * @throws ObstacleException when something on the way is no directory, or mounted by others
   */
  Place place(ManagedPath path) {
    try {
      return path.root() == ManagedRoot.JOBS
          ? Place.inJob(descriptor(path.root()), path.relative())
          : Place.of(descriptor(path.root()), path.relative());
    } catch (KernelRefusal e) {
      throw switch (e.errno()) {
        case ENOTDIR, ELOOP, EXDEV -> obstacles.onTheWayTo(path, e);
        default -> e;
      };
    }
  }

  Obstacles obstacles() {
    return obstacles;
  }

  /** Empty when a directory on the way is absent, and then so is the thing. */
  Optional<Place> find(ManagedPath path) {
    try {
      return Optional.of(place(path));
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    descriptors.values().forEach(Descriptor::close);
  }
}
