package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ManagedPath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Subvolumes of the pool. Who owns the top directory is another step's business. */
final class Subvolumes {
  private static final int REFS_BUFFER = 1 << 14;

  /** So often it is looked for what is new. */
  private static final int ROUNDS = 100;

  private final Roots roots;
  private final Qgroups qgroups;

  Subvolumes(Roots roots, Qgroups qgroups) {
    this.roots = roots;
    this.qgroups = qgroups;
  }

  static boolean is(Roots roots, ManagedPath path) {
    Optional<Place> found = roots.find(path);
    if (found.isEmpty()) {
      return false;
    }
    try (Place place = found.get()) {
      return isTop(place);
    }
  }

  static boolean isTop(Place place) {
    Optional<FileStatus> there = place.status();
    return there.isPresent() && there.get().isDirectory() && isTop(place, there.get());
  }

  Optional<Long> groupOf(ManagedPath path) {
    if (!is(roots, path)) {
      return Optional.empty();
    }
    try (Place place = roots.place(path)) {
      return qgroups.groupOf(idOf(place));
    }
  }

  void make(ManagedPath path, long qgroup) {
    try (Place place = roots.place(path)) {
      if (place.status().isPresent()) {
        checkMember(path, place, qgroup);
      } else {
        BtrfsCalls.createSubvolume(place.parent(), place.cName(), Qgroups.number(qgroup));
      }
    }
  }

  private void checkMember(ManagedPath path, Place place, long qgroup) {
    FileStatus there = place.status().orElseThrow();
    if (!there.isDirectory() || !isTop(place, there)) {
      throw roots.obstacles().at(path, Errno.EEXIST);
    }
    if (!qgroups.hasMember(qgroup, idOf(place))) {
      throw new HostException(
          path + " is there and is not in the quota group 1/" + qgroup, "EEXIST");
    }
  }

  /**
   * Makes the group where it is not, and members of it what is there and all below; the top last,
   * so that who finds that in the group finds all in it. What a job makes meanwhile is in no group
   * before the top is, and is looked for again. It is taken out of groups that somebody added.
   * Where somebody has switched quotas off it switches them on.
   */
  void hold(ManagedPath path, long qgroup, long limitBytes) {
    qgroups.switchOn();
    qgroups.make(qgroup, limitBytes);
    if (!is(roots, path)) {
      return;
    }
    try (Place place = roots.place(path)) {
      long top = idOf(place);
      for (int round = 0; joinAll(qgroup, top, place.parent()); round++) {
        if (round == ROUNDS) {
          throw new HostException(
              "somebody goes on making subvolumes in " + path + " that are in no group", "EAGAIN");
        }
      }
    }
  }

  private boolean joinAll(long qgroup, long top, Descriptor anyDirectory) {
    boolean joined = false;
    for (long id : allBelow(top, anyDirectory).reversed()) {
      joined |= qgroups.join(qgroup, id);
      joined |= qgroups.leaveOthers(qgroup, id);
    }
    return joined;
  }

  /**
   * Deletes the nested ones depth first, since the kernel refuses a subvolume that holds another.
   * The kernel would quietly detach mounts inside, so those are looked for before.
   */
  void purge(ManagedPath path) {
    Optional<Place> found = roots.find(path);
    if (found.isEmpty()) {
      return;
    }
    try (Place place = found.get()) {
      if (place.status().isEmpty()) {
        return;
      }
      MountsBelow.refuse(place.parent(), roots.path(path), "purge");
      if (!isTop(place)) {
        throw roots.obstacles().at(path, Errno.EINVAL);
      }
      long id = idOf(place);
      try {
        purgeAll(id, place);
      } catch (KernelRefusal e) {
        if (!e.is(Errno.EDQUOT, Errno.EROFS) && !e.is(Errno.EPERM)) {
          throw e;
        }
        // A full volume has no room for the bookkeeping of its own deletion, or of what it takes to
        // make it writable.
        qgroups.withoutLimits(
            id,
            () -> {
              unprotectAll(id, place.parent());
              purgeAll(id, place);
            });
      }
    }
  }

  private static void purgeAll(long id, Place place) {
    purgeNested(id, place.parent());
    BtrfsCalls.destroySubvolume(place.parent(), place.cName());
  }

  private static void unprotectAll(long top, Descriptor anyDirectory) {
    for (long parent : allBelow(top, anyDirectory)) {
      ProtectedSubvolumes.unprotect(anyDirectory, parent);
      for (Nested nested : nestedIn(parent, anyDirectory)) {
        ProtectedSubvolumes.unprotectDirectory(anyDirectory, parent, nested.directory());
      }
    }
  }

  /** The top first, and each before those that are in it; once each, whoever moves them about. */
  private static List<Long> allBelow(long top, Descriptor anyDirectory) {
    Set<Long> seen = new LinkedHashSet<>(List.of(top));
    Deque<Long> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      for (long id : idsIn(open.pop(), anyDirectory)) {
        if (seen.add(id)) {
          open.add(id);
        }
      }
    }
    return List.copyOf(seen);
  }

  static long idOf(Place place) {
    try (Descriptor top = place.openDirectoryForUse()) {
      return BtrfsCalls.subvolumeId(top);
    }
  }

  private static void purgeNested(long top, Descriptor anyDirectory) {
    Deque<Long> open = new ArrayDeque<>(idsIn(top, anyDirectory));
    while (!open.isEmpty()) {
      List<Long> inner = idsIn(open.peek(), anyDirectory);
      if (inner.isEmpty()) {
        destroyNested(open.pop(), anyDirectory);
      } else {
        inner.forEach(open::push);
      }
    }
  }

  private static void destroyNested(long id, Descriptor anyDirectory) {
    try {
      BtrfsCalls.destroySubvolume(anyDirectory, id);
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  /**
   * A subvolume in another.
   *
   * @param directory the inode of the directory that it is in, in the other
   */
  private record Nested(long id, long directory) {}

  private static List<Long> idsIn(long id, Descriptor anyDirectory) {
    return nestedIn(id, anyDirectory).stream().map(Nested::id).toList();
  }

  /** By struct btrfs_root_ref, which begins with the directory. */
  private static List<Nested> nestedIn(long id, Descriptor anyDirectory) {
    List<Nested> nested = new ArrayList<>();
    BtrfsSearch.search(
        anyDirectory,
        BtrfsSearch.ROOT_TREE,
        id,
        BtrfsSearch.ROOT_REF,
        0,
        -1L,
        REFS_BUFFER,
        (child, data, at) -> nested.add(new Nested(child, data.getLong(at))));
    return nested;
  }

  /** By its inode number first: what else is there may be no directory. */
  private static boolean isTop(Place place, FileStatus there) {
    if (there.inode() != BtrfsCalls.TOP_INODE) {
      return false;
    }
    try (Descriptor top = place.openDirectory()) {
      return BtrfsCalls.isTop(top);
    }
  }
}
