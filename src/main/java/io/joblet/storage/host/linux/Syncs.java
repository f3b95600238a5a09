package io.joblet.storage.host.linux;

import io.joblet.storage.host.ManagedRoot;
import java.util.EnumMap;
import java.util.Map;

/** One {@link GroupSync} for each root. */
final class Syncs {
  private final Map<ManagedRoot, GroupSync> groups = new EnumMap<>(ManagedRoot.class);

  Syncs(Roots roots) {
    for (ManagedRoot root : ManagedRoot.values()) {
      groups.put(root, new GroupSync(() -> Syscalls.syncfs(roots.descriptor(root).fd())));
    }
  }

  void sync(ManagedRoot root) {
    groups.get(root).sync();
  }
}
