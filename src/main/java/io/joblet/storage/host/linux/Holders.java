package io.joblet.storage.host.linux;

import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.Pin;
import io.joblet.storage.host.linux.Namespaces.Foreign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who uses a directory, here and in other mount namespaces. A subvolume and what is mounted have a
 * device number of their own, by which every use is found. A plain directory has none; there only
 * other namespaces' mounts of it are found.
 */
final class Holders {
  private final Roots roots;
  private final Looks looks;
  private final Pins pins;
  private final Elsewhere elsewhere;

  Holders(Roots roots, Looks looks, Pins pins, Elsewhere elsewhere) {
    this.roots = roots;
    this.looks = looks;
    this.pins = pins;
    this.elsewhere = elsewhere;
  }

  List<Pin> of(ManagedPath path) {
    Optional<FileStatus> there = looks.status(path);
    if (there.isEmpty()) {
      return List.of();
    }
    List<Pin> found = new ArrayList<>(processes(path, there.get()));
    List<Foreign> shown = shown(path, there.get());
    shown.stream().filter(foreign -> !foreign.copy()).map(Elsewhere::pin).forEach(found::add);
    found.addAll(elsewhere.holders(shown.stream().filter(Foreign::copy).toList()));
    return found.stream().distinct().toList();
  }

  /**
   * Who would go on using what is mounted at {@code target} after it was unmounted here. The copies
   * of other places where the same volume is mounted go when those do. What follows ours needs no
   * question: the kernel refuses to unmount ours while it is in use.
   */
  List<Pin> elsewhere(ManagedPath target) {
    Map<Object, Pin> first = seenElsewhere(target);
    if (first.isEmpty()) {
      return List.of();
    }
    // A namespace that ends is seen with what others have got of it: who stays is seen again.
    Map<Object, Pin> again = seenElsewhere(target);
    again.keySet().retainAll(first.keySet());
    return again.values().stream().distinct().toList();
  }

  /** By what stays the same of each: the process, or the mount and its namespace. */
  private Map<Object, Pin> seenElsewhere(ManagedPath target) {
    Map<Object, Pin> found = new LinkedHashMap<>();
    Optional<FileStatus> there = looks.status(target);
    if (there.isEmpty()) {
      return found;
    }
    List<Foreign> copies = new ArrayList<>();
    for (Foreign shown : shown(target, there.get())) {
      if (shown.follows()) {
        continue;
      }
      if (!shown.copy()) {
        found.put(List.of(shown.namespace(), shown.mount().mountId()), Elsewhere.pin(shown));
      } else if (isOf(target, shown)) {
        copies.add(shown);
      }
    }
    elsewhere.holders(copies).forEach(pin -> found.putIfAbsent(pin.pid(), pin));
    elsewhere
        .residents(copies, directory(target))
        .forEach(pin -> found.putIfAbsent(pin.pid(), pin));
    return found;
  }

  /** One of which only a directory above its original is known may be of any place in that. */
  private boolean isOf(ManagedPath target, Foreign copy) {
    String place = copy.original().orElseThrow();
    return MountTable.isAtOrBelow(roots.path(target).toString(), place)
        || MountTable.isAtOrBelow(place, roots.path(ManagedRoot.VOLUMES).toString());
  }

  /** The job's directory, of a place in it. */
  private static ManagedPath directory(ManagedPath target) {
    return ManagedPath.of(target.root(), target.components().getFirst());
  }

  private List<Foreign> shown(ManagedPath path, FileStatus there) {
    Namespaces now = elsewhere.look();
    return now.own(there.mountId())
        .map(mount ->
            now.showing(mount.device(), there.mountRoot() ? mount.root() : below(mount, path)))
        .orElse(List.of());
  }

  private List<Pin> processes(ManagedPath path, FileStatus there) {
    if (path.root() == ManagedRoot.JOBS) {
      return there.mountRoot() ? pins.ofMount(there.mountId()) : List.of();
    }
    boolean ownDevice = there.mountRoot() || there.inode() == BtrfsCalls.TOP_INODE;
    return ownDevice ? pins.ofDevice(there.device()) : List.of();
  }

  private String below(MountEntry mount, ManagedPath path) {
    String relative = roots.path(path).toString().substring(mount.target().length());
    return (mount.root().equals("/") ? "" : mount.root()) + relative;
  }
}
