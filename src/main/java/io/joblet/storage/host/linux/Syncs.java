package io.joblet.storage.host.linux;

import io.joblet.storage.host.ManagedRoot;
import java.util.EnumMap;
import java.util.Map;

/**
 * One {@link GroupSync} for each root. On btrfs it commits and does not call syncfs(2), which would
 * write back what all jobs have in the page cache, and wait for each request that the limits of a
 * job hold up.
 */
final class Syncs {
  private final Map<ManagedRoot, GroupSync> groups = new EnumMap<>(ManagedRoot.class);

  Syncs(Roots roots) {
    for (ManagedRoot root : ManagedRoot.values()) {
      Descriptor directory = roots.descriptor(root);
      boolean btrfs = directory.fileSystem().is(FileSystemStatus.BTRFS);
      groups.put(
          root,
          new GroupSync(
              btrfs ? () -> BtrfsCalls.commit(directory) : () -> Syscalls.syncfs(directory.fd())));
    }
  }

  void sync(ManagedRoot root) {
    groups.get(root).sync();
  }
}
