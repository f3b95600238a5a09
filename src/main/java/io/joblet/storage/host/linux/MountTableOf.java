package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The mounts of a namespace whose table was read. */
final class MountTableOf implements MountsOf {
  private final Map<Long, MountEntry> byId = new LinkedHashMap<>();

  MountTableOf(List<MountEntry> table) {
    table.forEach(mount -> byId.put(mount.mountId(), mount));
  }

  @Override
  public List<MountEntry> on(String device) {
    return byId.values().stream().filter(m -> m.device().equals(device)).toList();
  }

  @Override
  public List<MountEntry> below(String path, Set<String> devices) {
    return byId.values().stream().filter(m -> MountTable.isAtOrBelow(m.target(), path)).toList();
  }

  @Override
  public Optional<MountEntry> byId(long mountId) {
    return Optional.ofNullable(byId.get(mountId));
  }
}
