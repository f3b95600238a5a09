package io.joblet.storage.host.linux;

import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import io.joblet.storage.host.Pin;
import java.util.ArrayList;
import java.util.List;
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
  private final SharedLook<Namespaces> namespaces = new SharedLook<>(Namespaces::read);

  Holders(Roots roots, Looks looks, Pins pins) {
    this.roots = roots;
    this.looks = looks;
    this.pins = pins;
  }

  List<Pin> of(ManagedPath path) {
    Optional<FileStatus> there = looks.status(path);
    if (there.isEmpty()) {
      return List.of();
    }
    List<Pin> found = new ArrayList<>(processes(path, there.get()));
    found.addAll(elsewhere(path, there.get()));
    return found;
  }

  /** Only what is found in other mount namespaces. */
  List<Pin> elsewhere(ManagedPath path) {
    return looks.status(path).map(there -> elsewhere(path, there)).orElse(List.of());
  }

  private List<Pin> elsewhere(ManagedPath path, FileStatus there) {
    Namespaces now = namespaces.look();
    if (now.areEmpty()) {
      return List.of();
    }
    MountEntry mount =
        now.own(there.mountId())
            .orElseThrow(() -> new IllegalStateException("the mount of " + path + " has gone"));
    return now.showing(mount.device(), there.mountRoot() ? mount.root() : below(mount, path));
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
