package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.Pin;
import io.joblet.storage.host.linux.Namespaces.Foreign;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

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

  /** Processes that hold something in a copy, in whichever namespace they are. */
  List<Pin> holders(Foreign copy) {
    return pins.ofMount(copy.mount().mountId());
  }

  /**
   * Processes that hold something in what follows the mount of that id here, by propagation: they
   * keep ours busy, too.
   */
  List<Pin> followers(long mountId) {
    return look().following(mountId).stream().flatMap(f -> holders(f).stream()).toList();
  }

  /** Processes of the copy's namespace that live in a directory which contains it. */
  List<Pin> residents(Foreign copy, ManagedPath directory) {
    String path = roots.path(directory).toString();
    List<Pin> found = new ArrayList<>();
    for (long pid : MountNamespaces.members(copy.namespace())) {
      Processes.whereabouts(pid).stream()
          .filter(place -> MountTable.isAtOrBelow(place, path))
          .findFirst()
          .ifPresent(place -> found.add(new Pin(pid, Processes.command(pid), "in " + place)));
    }
    return found;
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
      for (int i = 0; i < errors.length; i++) {
        requireUnused(there.get(i), errors[i]);
      }
    }
  }

  /** A copy is at the path of what it is a copy of. */
  private static NamespaceVisit.Unmounting unmounting(Foreign copy) {
    Path place = Path.of(copy.mount().target());
    return new NamespaceVisit.Unmounting(
        place.getParent().toString(),
        copy.parent().orElseThrow().mountId(),
        place.getFileName().toString());
  }

  private void requireUnused(Foreign copy, int error) {
    if (error == 0) {
      return;
    }
    List<Pin> holders = holders(copy);
    boolean busy = Errno.of(error) == Errno.EBUSY;
    if (!busy && holders.isEmpty()) {
      return;
    }
    List<Pin> named = holders.isEmpty() ? List.of(pin(copy)) : holders;
    throw new HostException(
        "the copy of "
            + copy.mount().target()
            + " in another mount namespace is in use by "
            + named,
        "EBUSY",
        named,
        null);
  }
}
