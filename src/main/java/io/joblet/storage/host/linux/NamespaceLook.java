package io.joblet.storage.host.linux;

import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at all mount namespaces. What the kernel lists of one is not entered, and of its mounts
 * only those are asked about that are new since the look before, once. A table is read where the
 * kernel does not tell, or lists fewer mounts than it counts, since some may be out of sight.
 *
 * <p>Not for use by several threads at a time.
 */
final class NamespaceLook {
  private static final List<ManagedRoot> MANAGED = List.of(ManagedRoot.VOLUMES, ManagedRoot.JOBS);

  private final Roots roots;
  private final boolean tellsAll;
  private Map<Long, ListedMounts> before = new HashMap<>();

  NamespaceLook(Roots roots) {
    this(roots, MountQuery.tellsAll());
  }

  /**
   * A look by a certain way.
   *
   * @param tellsAll false reads the daemon's own table, and that of each namespace which has a
   *     mount on a device of ours, as on a kernel that does not say enough of single mounts
   */
  NamespaceLook(Roots roots, boolean tellsAll) {
    this.roots = roots;
    this.tellsAll = tellsAll;
  }

  Namespaces look() {
    Map<Long, ListedMounts> now = new HashMap<>();
    Set<String> ours = new HashSet<>();
    MountsOf own = own(now, ours);
    Map<Long, MountsOf> foreign = new LinkedHashMap<>();
    Set<Long> otherUsers;
    try (MountNamespaces namespaces = MountNamespaces.open()) {
      otherUsers = namespaces.ofOtherUsers();
      List<Long> toEnter = new ArrayList<>();
      for (long inode : namespaces.inodes().stream().skip(1).toList()) {
        Optional<ListedMounts> listed = namespaces.identity(inode).flatMap(i -> listed(i, now));
        if (listed.isEmpty() || (!tellsAll && listed.get().anyOn(ours))) {
          toEnter.add(inode);
        } else if (tellsAll) {
          foreign.put(inode, listed.get());
        }
      }
      foreign.putAll(tables(namespaces, toEnter));
    }
    before = now;
    return Namespaces.of(managedRoots(own), own, foreign, otherUsers);
  }

  /**
   * The daemon's own.
   *
   * @param ours is given the devices below the managed roots, if its table has to be read anyhow
   */
  private MountsOf own(Map<Long, ListedMounts> now, Set<String> ours) {
    if (tellsAll) {
      ListedMounts own = ListedMounts.list(MountQuery.OWN, before.get(MountQuery.OWN));
      now.put(MountQuery.OWN, own);
      return own;
    }
    List<MountEntry> table = MountTable.read();
    for (ManagedRoot root : MANAGED) {
      MountTable.below(table, roots.path(root).toString()).forEach(m -> ours.add(m.device()));
    }
    return new MountTableOf(table);
  }

  /** Empty for one that has to be entered. */
  private Optional<ListedMounts> listed(
      MountNamespaces.Identity identity, Map<Long, ListedMounts> now) {
    if (identity.id() == MountQuery.OWN) {
      return Optional.empty();
    }
    try {
      ListedMounts listed = ListedMounts.list(identity.id(), before.get(identity.id()));
      now.put(identity.id(), listed);
      return listed.count() < identity.mounts() ? Optional.empty() : Optional.of(listed);
    } catch (KernelRefusal e) {
      // An old kernel, or a namespace that ended meanwhile: the table will tell.
      return Optional.empty();
    }
  }

  private static Map<Long, MountsOf> tables(MountNamespaces open, List<Long> inodes) {
    Map<Long, MountsOf> found = new LinkedHashMap<>();
    if (!inodes.isEmpty()) {
      List<Descriptor> stops = new ArrayList<>(List.of(open.all().getFirst()));
      inodes.forEach(i -> stops.add(open.get(i)));
      List<List<MountEntry>> tables = NamespaceVisit.tables(stops);
      for (int i = 0; i < inodes.size(); i++) {
        found.put(inodes.get(i), new MountTableOf(tables.get(i + 1)));
      }
    }
    return found;
  }

  private List<MountEntry> managedRoots(MountsOf own) {
    Set<MountEntry> found = new HashSet<>();
    for (ManagedRoot root : MANAGED) {
      own.byId(roots.descriptor(root).status().mountId()).ifPresent(found::add);
    }
    return List.copyOf(found);
  }
}
