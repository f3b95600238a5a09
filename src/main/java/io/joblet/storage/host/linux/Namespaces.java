package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What all mount namespaces showed when they were read. Another namespace shows a mount of ours for
 * one of two reasons. Whoever made it while something was mounted got a <em>copy</em> of all there
 * was, at our own paths, wanted or not; or somebody who means to use a volume has put it
 * <em>somewhere else</em>. Neither goes away when the daemon unmounts its own.
 */
final class Namespaces {
  private static final String SHARED = "shared:";
  private static final String MASTER = "master:";
  private static final int TRIES = 10;

  private final Map<String, MountEntry> managedRoots;
  private final MountsOf own;
  private final Map<Long, MountsOf> foreign;

  private Namespaces(
      Map<String, MountEntry> managedRoots, MountsOf own, Map<Long, MountsOf> foreign) {
    this.managedRoots = managedRoots;
    this.own = own;
    this.foreign = foreign;
  }

  /**
   * A mount in another namespace.
   *
   * @param namespace its inode in nsfs
   * @param parent what it lies on, which for a copy is a copy of a managed root, or of a job's root
   *     file system in one
   * @param follows one of ours, by propagation: unmounting that unmounts this too, or fails where
   *     this is in use (mount_namespaces(7)). So do the mounts of a job that runs.
   */
  record Foreign(
      long namespace,
      MountEntry mount,
      Optional<MountEntry> parent,
      boolean copy,
      boolean follows) {}

  /**
   * Those of all namespaces.
   *
   * @param managedRoots the mounts of the managed roots in the daemon's own, by their paths
   * @param foreign by the inodes of the others in nsfs
   */
  static Namespaces of(List<MountEntry> managedRoots, MountsOf own, Map<Long, MountsOf> foreign) {
    Map<String, MountEntry> byPath = new HashMap<>();
    managedRoots.forEach(root -> byPath.put(root.target(), root));
    return new Namespaces(byPath, own, foreign);
  }

  /** A mount of the daemon's namespace. */
  Optional<MountEntry> own(long mountId) {
    return own.byId(mountId);
  }

  /**
   * Foreign mounts that show {@code root} of {@code device}, or something below it. A mount of
   * something above it, such as the whole pool, does not count.
   */
  List<Foreign> showing(String device, String root) {
    List<Foreign> found = new ArrayList<>();
    foreign.forEach((namespace, mounts) ->
        mounts.on(device).stream()
            .filter(m -> MountTable.isAtOrBelow(m.root(), root))
            .forEach(m -> foreign(namespace, mounts, m).ifPresent(found::add)));
    return found;
  }

  /** Foreign mounts that are unmounted with our mount of that id. */
  List<Foreign> following(long mountId) {
    List<Foreign> found = new ArrayList<>();
    own(mountId)
        .ifPresent(ours ->
            showing(ours.device(), ours.root()).stream()
                .filter(f -> groups(f.mount().propagation()).anyMatch(ours.propagation()::contains))
                .forEach(found::add));
    return found;
  }

  /**
   * Copies of what is or was mounted at a managed path or below, the innermost first.
   *
   * @param devices of what the daemon had mounted there, as in mountinfo; empty if it had nothing
   */
  List<Foreign> copiesAtOrBelow(String path, Set<String> devices) {
    List<Foreign> found = new ArrayList<>();
    foreign.forEach((namespace, mounts) ->
        mounts.below(path, devices).stream()
            .flatMap(m -> foreign(namespace, mounts, m).stream())
            .filter(Foreign::copy)
            .forEach(found::addFirst));
    return found;
  }

  /** Copies of what is or was mounted at a managed path, the topmost of each namespace first. */
  List<Foreign> copiesAt(String path, Set<String> devices) {
    return copiesAtOrBelow(path, devices).stream()
        .filter(c -> c.mount().target().equals(path))
        .toList();
  }

  /**
   * Empty for one that has gone, and is no copy. A namespace can end, or leave what it was made
   * with, between the question about a mount and the one about what it lies on; what looks as if it
   * had been put elsewhere is therefore asked about once more, and again while it moves.
   */
  private Optional<Foreign> foreign(long namespace, MountsOf mounts, MountEntry mount) {
    MountEntry asked = mount;
    for (int tries = 1; ; tries++) {
      Foreign seen = seen(namespace, mounts, asked);
      if (seen.copy()) {
        return Optional.of(seen);
      }
      Optional<MountEntry> now = mounts.byId(asked.mountId());
      if (now.isEmpty() || now.get().equals(asked) || tries == TRIES) {
        return now.map(still -> seen);
      }
      asked = now.get();
    }
  }

  private Foreign seen(long namespace, MountsOf mounts, MountEntry mount) {
    Optional<MountEntry> parent = mounts.byId(mount.parentId());
    while (parent.isPresent() && parent.get().target().equals(mount.target())) {
      parent = mounts.byId(parent.get().parentId());
    }
    boolean copy = liesInRoot(parent, mounts);
    return new Foreign(namespace, mount, parent, copy, follows(mount));
  }

  /** On a managed root, or in a copy of a job's root file system that is on one. */
  private boolean liesInRoot(Optional<MountEntry> parent, MountsOf mounts) {
    Optional<MountEntry> at = parent;
    while (at.isPresent() && JobRoots.isRoot(at.get())) {
      at = mounts.byId(at.get().parentId());
    }
    return at.isPresent() && isManagedRoot(at.get());
  }

  /** A peer group is of one file system, and so on one device. */
  private boolean follows(MountEntry mount) {
    List<String> groups = groups(mount.propagation()).toList();
    return !groups.isEmpty()
        && own.on(mount.device()).stream()
            .anyMatch(m -> groups.stream().anyMatch(m.propagation()::contains));
  }

  /** The peer groups from which it gets what happens, as they are named where it happens. */
  private static Stream<String> groups(Set<String> propagation) {
    return propagation.stream()
        .filter(p -> p.startsWith(MASTER) || p.startsWith(SHARED))
        .map(p -> SHARED + p.substring(p.indexOf(':') + 1));
  }

  /** The root itself, as the daemon has it: a directory of the same name elsewhere is not it. */
  private boolean isManagedRoot(MountEntry mount) {
    MountEntry ours = managedRoots.get(mount.target());
    return ours != null && ours.device().equals(mount.device()) && ours.root().equals(mount.root());
  }

  /** How the kernel names the mount namespace of a process; empty if it has ended. */
  static Optional<String> of(String process) {
    try {
      return Optional.of(
          Files.readSymbolicLink(Path.of("/proc/" + process + "/ns/mnt")).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
