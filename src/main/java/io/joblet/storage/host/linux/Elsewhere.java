package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.Pin;
import io.joblet.storage.host.linux.Namespaces.Foreign;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Other mount namespaces and the volumes in them. Copies that nobody uses are no reason to refuse
 * anything: they are unmounted where they are, and the kernel refuses if somebody uses them after
 * all. What was put elsewhere is in use, by whoever put it there.
 */
final class Elsewhere {
  private final Roots roots;
  private final Pins pins;
  private final SharedLook<Namespaces> namespaces;

  Elsewhere(Roots roots, Pins pins) {
    this.roots = roots;
    this.pins = pins;
    this.namespaces = new SharedLook<>(new NamespaceLook(roots)::look);
  }

  Namespaces look() {
    return namespaces.look();
  }

  /** Who stands for a namespace; pid 0 where no process is in it. */
  static Pin pin(Foreign foreign) {
    String how = "mount namespace, at " + foreign.mount().target();
    return MountNamespaces.members(foreign.namespace()).stream()
        .findFirst()
        .map(pid -> new Pin(pid, Processes.command(pid), how))
        .orElseGet(() -> new Pin(0, "no process", how));
  }

  /**
   * Processes that hold something in one of the copies, in whichever namespace they are. One walk
   * through {@code /proc} is for all of them, since anybody can make as many copies as he likes.
   */
  List<Pin> holders(List<Foreign> copies) {
    return pins.ofMounts(copies.stream().map(c -> c.mount().mountId()).collect(Collectors.toSet()));
  }

  /**
   * Processes that hold something in what follows the mount of that id here, by propagation: they
   * keep ours busy, too.
   */
  List<Pin> followers(long mountId) {
    return holders(look().following(mountId));
  }

  /**
   * Processes that live in a directory of their namespace which contains one of the copies. In our
   * own user namespace its path tells, since only root makes mounts there. In another one anybody
   * can have a directory of any path: only who is on the mount that the copy lies on counts.
   */
  List<Pin> residents(List<Foreign> copies, ManagedPath directory) {
    String path = roots.path(directory).toString();
    Map<Long, String> lockedIn = new HashMap<>();
    copies.stream()
        .filter(Foreign::otherUsers)
        .forEach(c -> shownAt(c, path).ifPresent(at -> lockedIn.put(parent(c), at)));
    List<Pin> found = new ArrayList<>(pins.livingIn(lockedIn));
    copies.stream()
        .filter(c -> !c.otherUsers())
        .map(Foreign::namespace)
        .distinct()
        .forEach(namespace -> found.addAll(residents(namespace, path)));
    return found;
  }

  private static List<Pin> residents(long namespace, String path) {
    List<Pin> found = new ArrayList<>();
    for (long pid : MountNamespaces.members(namespace)) {
      Processes.whereabouts(pid).stream()
          .filter(place -> MountTable.isAtOrBelow(place, path))
          .findFirst()
          .ifPresent(place -> found.add(new Pin(pid, Processes.command(pid), "in " + place)));
    }
    return found;
  }

  /** Where a copy's namespace has a directory of ours; empty if the copy is not of that. */
  private static Optional<String> shownAt(Foreign copy, String directory) {
    if (!copy.ofPlaceAtOrBelow(directory)) {
      return Optional.empty();
    }
    String inside = copy.original().orElseThrow().substring(directory.length());
    String target = copy.mount().target();
    return target.endsWith(inside)
        ? Optional.of(target.substring(0, target.length() - inside.length()))
        : Optional.empty();
  }

  private static long parent(Foreign copy) {
    return copy.parent().orElseThrow().mountId();
  }

  /**
   * Unmounts the copies of what is or was mounted at {@code target}. One that cannot be taken away,
   * since its namespace belongs to another user namespace or something covers it, stays if nobody
   * uses it, until its mount point is removed: rmdir(2) of a directory on which nothing is mounted
   * here unmounts, lazily, whatever is mounted on it elsewhere.
   *
   * @param devices of what was mounted there, as in mountinfo; empty if nothing was
   * @throws HostException EBUSY naming who uses a copy
   */
  void withdraw(ManagedPath target, Set<String> devices) {
    withdraw(look().copiesAt(roots.path(target).toString(), devices));
  }

  /** As {@link #withdraw}, and of all that was mounted in it: that first. */
  void withdrawWithInside(ManagedPath target, Set<String> devices) {
    withdraw(look().copiesAtOrBelow(roots.path(target).toString(), devices));
  }

  private void withdraw(List<Foreign> copies) {
    if (copies.isEmpty()) {
      return;
    }
    try (MountNamespaces open = MountNamespaces.open()) {
      // What has ended meanwhile has taken its copy along.
      List<Foreign> there = copies.stream().filter(c -> open.get(c.namespace()) != null).toList();
      int[] errors =
          NamespaceVisit.unmount(
              open.all().getFirst(),
              there.stream().map(c -> open.get(c.namespace())).toList(),
              there.stream().map(Elsewhere::unmounting).toList());
      List<Foreign> left = new ArrayList<>();
      Optional<Foreign> busy = Optional.empty();
      for (int i = 0; i < errors.length; i++) {
        if (errors[i] != 0) {
          left.add(there.get(i));
        }
        if (busy.isEmpty() && Errno.of(errors[i]) == Errno.EBUSY) {
          busy = Optional.of(there.get(i));
        }
      }
      requireUnused(left, busy);
    }
  }

  /** By text: other users may have chosen names that this process's locale does not know. */
  private static NamespaceVisit.Unmounting unmounting(Foreign copy) {
    String place = copy.mount().target();
    int name = place.lastIndexOf('/') + 1;
    return new NamespaceVisit.Unmounting(
        place.substring(0, Math.max(1, name - 1)), parent(copy), place.substring(name));
  }

  private void requireUnused(List<Foreign> left, Optional<Foreign> busy) {
    List<Pin> holders = holders(left);
    if (busy.isEmpty() && holders.isEmpty()) {
      return;
    }
    Foreign copy = busy.orElseGet(left::getFirst);
    List<Pin> named = holders.isEmpty() ? List.of(pin(copy)) : holders;
    throw new HostException(
        "the copy of "
            + copy.original().orElseThrow()
            + " in another mount namespace is in use by "
            + named,
        "EBUSY",
        named,
        null);
  }
}
