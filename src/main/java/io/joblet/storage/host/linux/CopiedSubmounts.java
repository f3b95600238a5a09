package io.joblet.storage.host.linux;

import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.MountEntry;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * What a recursive bind copied along: mounts inside the volume, seen at the target too. They go
 * with the bind; anything else that is mounted there was put there by somebody.
 */
final class CopiedSubmounts {
  private final Roots roots;

  CopiedSubmounts(Roots roots) {
    this.roots = roots;
  }

  /** Unmounts the copies at {@code target}, deepest first; returns whether there were any. */
  boolean unmount(ManagedPath source, ManagedPath target) {
    List<MountEntry> table = MountTable.read();
    Path from = roots.path(source);
    Path to = roots.path(target);
    List<Path> copies =
        MountTable.below(table, to.toString()).stream()
            .filter(m -> !m.target().equals(to.toString()))
            .filter(m -> isCopy(table, m, from.resolve(to.relativize(Path.of(m.target())))))
            .map(m -> to.relativize(Path.of(m.target())))
            .sorted(Comparator.comparing(Path::getNameCount).reversed())
            .toList();
    copies.forEach(copy -> unmountInside(target, copy));
    return !copies.isEmpty();
  }

  private void unmountInside(ManagedPath target, Path copy) {
    String directory = copy.getParent() == null ? "." : copy.getParent().toString();
    long flags = Syscalls.O_PATH | Syscalls.O_DIRECTORY;
    try (Place place = roots.place(target);
        Descriptor top = place.openDirectory();
        Descriptor parent = Beneath.open(top, directory, flags, Beneath.Mounts.CROSS)) {
      MountCalls.unmount(parent, copy.getFileName().toString());
    }
  }

  private static boolean isCopy(List<MountEntry> table, MountEntry mount, Path original) {
    return table.stream()
        .anyMatch(m ->
            m.target().equals(original.toString())
                && m.device().equals(mount.device())
                && m.root().equals(mount.root()));
  }
}
