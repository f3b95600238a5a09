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
  private final Set<Long> otherUsers;

  private Namespaces(
      Map<String, MountEntry> managedRoots,
      MountsOf own,
      Map<Long, MountsOf> foreign,
      Set<Long> otherUsers) {
    this.managedRoots = managedRoots;
    this.own = own;
    this.foreign = foreign;
    this.otherUsers = otherUsers;
  }

  /**
   * A mount in another namespace.
   *
   * @param namespace its inode in nsfs
   * @param parent what it lies on, which for a copy is a copy of a managed root, or of a job's root
   *     file system in one
   * @param original where the daemon has, or had, what this is a copy of; a directory above that
   *     where it cannot be told; empty for what was put elsewhere
   * @param otherUsers its namespace belongs to another user namespace than the daemon's, where
   *     anybody can be root, and where copies are locked
   * @param follows one of ours, by propagation: unmounting that unmounts this too, or fails where
   *     this is in use (mount_namespaces(7)). So do the mounts of a job that runs.
   */
  record Foreign(
      long namespace,
      MountEntry mount,
      Optional<MountEntry> parent,
      Optional<String> original,
      boolean otherUsers,
      boolean follows) {

    boolean copy() {
      return original.isPresent();
    }

    /** A copy of what is or was at a path of the daemon's, or below it. */
    boolean ofPlaceAtOrBelow(String path) {
      return original.filter(place -> MountTable.isAtOrBelow(place, path)).isPresent();
    }
  }

  /**
   * Those of all namespaces.
   *
   * @param managedRoots the mounts of the managed roots in the daemon's own, by their paths
   * @param foreign by the inodes of the others in nsfs
   * @param otherUsers which of these belong to another user namespace
   */
  static Namespaces of(
      List<MountEntry> managedRoots,
      MountsOf own,
      Map<Long, MountsOf> foreign,
      Set<Long> otherUsers) {
    Map<String, MountEntry> byPath = new HashMap<>();
    managedRoots.forEach(root -> byPath.put(root.target(), root));
    return new Namespaces(byPath, own, foreign, otherUsers);
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
        Stream.concat(mounts.below(path, devices).stream(), bound(namespace, mounts, devices))
            .distinct()
            .flatMap(m -> foreign(namespace, mounts, m).stream())
            .filter(f -> f.ofPlaceAtOrBelow(path))
            .forEach(found::addFirst));
    return found;
  }

  /** What may be a copy at another path, since other users can bind what contains the copies. */
  private Stream<MountEntry> bound(long namespace, MountsOf mounts, Set<String> devices) {
    if (!otherUsers.contains(namespace)) {
      return Stream.empty();
    }
    return devices.isEmpty()
        ? mounts.below("/", devices).stream()
        : devices.stream().flatMap(device -> mounts.on(device).stream());
  }

  /** Copies of what is or was mounted at a managed path, the topmost of each namespace first. */
  List<Foreign> copiesAt(String path, Set<String> devices) {
    return copiesAtOrBelow(path, devices).stream()
        .filter(c -> c.original().filter(path::equals).isPresent())
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
    boolean others = otherUsers.contains(namespace);
    Optional<MountEntry> root = outsideJobRoots(parent, mounts);
    Optional<String> original = others ? boundOriginal(mount, root) : original(mount, root);
    return new Foreign(namespace, mount, parent, original, others, follows(mount));
  }

  /** What a mount lies on, or what the copy of a job's root file system lies on that it is in. */
  private static Optional<MountEntry> outsideJobRoots(
      Optional<MountEntry> parent, MountsOf mounts) {
    Optional<MountEntry> at = parent;
    while (at.isPresent() && JobRoots.isRoot(at.get())) {
      at = mounts.byId(at.get().parentId());
    }
    return at;
  }

  private Optional<String> original(MountEntry mount, Optional<MountEntry> root) {
    return root.filter(this::isManagedRoot).map(managed -> mount.target());
  }

  /**
   * In a namespace of other users. Whoever is root in one cannot take its copies off what they lie
   * on, nor look into the managed roots; but he can bind a directory that contains a root, with all
   * that is locked in it, and so show a copy at any path. It is none the less on a mount point of
   * ours, and goes with that. The managed root is known by what it shows, since he chooses where.
   *
   * <p>He can also move it, and hide it, between two questions. What is there lies on something,
   * and if that is out of sight nothing tells that it was put elsewhere.
   */
  private Optional<String> boundOriginal(MountEntry mount, Optional<MountEntry> root) {
    if (root.isEmpty()) {
      return mount.target().equals("/") ? Optional.empty() : Optional.of("/");
    }
    return managedRoots.values().stream()
        .filter(ours -> showsTheSame(ours, root.get()))
        .findFirst()
        .map(ours -> ours.target() + inside(root.get().target(), mount.target()));
  }

  /** The rest of a path; empty if it is not at that place any more. */
  private static String inside(String directory, String path) {
    if (!MountTable.isAtOrBelow(path, directory)) {
      return "";
    }
    return directory.equals("/") ? path : path.substring(directory.length());
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
    return ours != null && showsTheSame(ours, mount);
  }

  private static boolean showsTheSame(MountEntry one, MountEntry other) {
    return one.device().equals(other.device()) && one.root().equals(other.root());
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
