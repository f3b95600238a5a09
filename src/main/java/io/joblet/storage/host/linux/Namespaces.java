package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

  private final Set<String> managedRoots;
  private final Map<Long, MountEntry> own;
  private final Map<Long, Map<Long, MountEntry>> foreign;

  private Namespaces(
      Set<String> managedRoots,
      Map<Long, MountEntry> own,
      Map<Long, Map<Long, MountEntry>> foreign) {
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
   * Looks at every namespace. One without any mount on the devices that the daemon has below its
   * roots shows nothing of ours, and has no copy of a root on which a copy could lie: it is not
   * entered.
   *
   * @param managedRoots absolute paths of the managed roots
   */
  static Namespaces read(Set<String> managedRoots, MountDevices devices) {
    List<MountEntry> own = MountTable.read();
    Set<String> ours = new HashSet<>();
    for (MountEntry mount : own) {
      if (managedRoots.stream().anyMatch(r -> MountTable.isAtOrBelow(mount.target(), r))) {
        ours.add(mount.device());
      }
    }
    Map<Long, Map<Long, MountEntry>> foreign = new LinkedHashMap<>();
    try (MountNamespaces namespaces = MountNamespaces.open()) {
      List<Long> inodes =
          namespaces.inodes().stream()
              .skip(1)
              .filter(
                  i -> namespaces.identity(i).map(known -> devices.anyOn(known, ours)).orElse(true))
              .toList();
      if (!inodes.isEmpty()) {
        List<Descriptor> stops = new ArrayList<>(List.of(namespaces.all().getFirst()));
        inodes.forEach(i -> stops.add(namespaces.get(i)));
        List<List<MountEntry>> tables = NamespaceVisit.tables(stops);
        for (int i = 0; i < inodes.size(); i++) {
          foreign.put(inodes.get(i), byId(tables.get(i + 1)));
        }
      }
    }
    return new Namespaces(managedRoots, byId(own), foreign);
  }

  /** A mount of the daemon's namespace. */
  Optional<MountEntry> own(long mountId) {
    return Optional.ofNullable(own.get(mountId));
  }

  /**
   * Foreign mounts that show {@code root} of {@code device}, or something below it. A mount of
   * something above it, such as the whole pool, does not count.
   */
  List<Foreign> showing(String device, String root) {
    List<Foreign> found = new ArrayList<>();
    foreign.forEach((namespace, mounts) ->
        mounts.values().stream()
            .filter(m -> m.device().equals(device) && MountTable.isAtOrBelow(m.root(), root))
            .forEach(m -> found.add(foreign(namespace, mounts, m))));
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

  /** Copies of what is or was mounted at a managed path or below, the innermost first. */
  List<Foreign> copiesAtOrBelow(String path) {
    List<Foreign> found = new ArrayList<>();
    foreign.forEach((namespace, mounts) ->
        mounts.values().stream()
            .filter(m -> MountTable.isAtOrBelow(m.target(), path))
            .map(m -> foreign(namespace, mounts, m))
            .filter(Foreign::copy)
            .forEach(found::addFirst));
    return found;
  }

  /** Copies of what is or was mounted at a managed path, the topmost of each namespace first. */
  List<Foreign> copiesAt(String path) {
    return copiesAtOrBelow(path).stream().filter(c -> c.mount().target().equals(path)).toList();
  }

  private Foreign foreign(long namespace, Map<Long, MountEntry> mounts, MountEntry mount) {
    MountEntry parent = mounts.get(mount.parentId());
    while (parent != null && parent.target().equals(mount.target())) {
      parent = mounts.get(parent.parentId());
    }
    boolean copy = liesInRoot(parent, mounts);
    return new Foreign(
        namespace, mount, Optional.ofNullable(parent), copy, follows(mount.propagation()));
  }

  /** On a managed root, or in a copy of a job's root file system that is on one. */
  private boolean liesInRoot(MountEntry parent, Map<Long, MountEntry> mounts) {
    MountEntry at = parent;
    while (at != null && JobRoots.isRoot(at)) {
      at = mounts.get(at.parentId());
    }
    return at != null && isManagedRoot(at);
  }

  private boolean follows(Set<String> propagation) {
    return groups(propagation)
        .anyMatch(group -> own.values().stream().anyMatch(m -> m.propagation().contains(group)));
  }

  /** The peer groups from which it gets what happens, as they are named where it happens. */
  private static Stream<String> groups(Set<String> propagation) {
    return propagation.stream()
        .filter(p -> p.startsWith(MASTER) || p.startsWith(SHARED))
        .map(p -> SHARED + p.substring(p.indexOf(':') + 1));
  }

  /** The root itself, as the daemon has it: a directory of the same name elsewhere is not it. */
  private boolean isManagedRoot(MountEntry mount) {
    return managedRoots.contains(mount.target())
        && own.values().stream()
            .anyMatch(m ->
                m.target().equals(mount.target())
                    && m.device().equals(mount.device())
                    && m.root().equals(mount.root()));
  }

  private static Map<Long, MountEntry> byId(List<MountEntry> table) {
    Map<Long, MountEntry> byId = new LinkedHashMap<>();
    table.forEach(mount -> byId.put(mount.mountId(), mount));
    return byId;
  }

  static Optional<String> of(String process) {
    try {
      return Optional.of(
          Files.readSymbolicLink(Path.of("/proc/" + process + "/ns/mnt")).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
