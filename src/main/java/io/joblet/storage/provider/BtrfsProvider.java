package io.joblet.storage.provider;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.host.HostOperation.HoldInQgroup;
import io.joblet.storage.host.HostOperation.LimitQgroup;
import io.joblet.storage.host.HostOperation.MakeQgroup;
import io.joblet.storage.host.HostOperation.MakeSubvolume;
import io.joblet.storage.host.HostOperation.Move;
import io.joblet.storage.host.HostOperation.PurgeSubvolume;
import io.joblet.storage.host.HostOperation.RemoveQgroup;
import io.joblet.storage.host.HostOperation.SetOwnership;
import io.joblet.storage.host.HostOperation.Sync;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.StorageProvider;
import io.joblet.storage.volume.Use;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeState;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A subvolume of the btrfs pool in a level-1 quota group of its own, which subvolumes nested in it
 * join by themselves (btrfs simple quotas, btrfs-quota(5)). The data is always in its place:
 * nothing is staged. btrfs has no table of inodes and no limit on them; their metadata counts as
 * bytes.
 */
@ApplicationScoped
public class BtrfsProvider implements StorageProvider {
  private final Host host;

  BtrfsProvider(Host host) {
    this.host = host;
  }

  @Override
  public ProviderName name() {
    return ProviderName.BTRFS;
  }

  @Override
  public Optional<String> unavailable() {
    return host.capabilities().btrfsPool()
        ? Optional.empty()
        : Optional.of(host.capabilities().reason());
  }

  @Override
  public boolean limitsInodes() {
    return false;
  }

  @Override
  public boolean shrinksInUse() {
    return true;
  }

  @Override
  public HostPlan create(Volume volume) {
    return HostPlan.of(
        new MakeQgroup(volume.qgroup, volume.sizeBytes),
        new MakeSubvolume(Layout.volume(volume.id), volume.qgroup),
        new SetOwnership(Layout.volume(volume.id), volume.uid, volume.gid, volume.mode),
        new Sync(ManagedRoot.VOLUMES));
  }

  @Override
  public HostPlan standing(Volume volume) {
    ManagedPath data = ProviderName.BTRFS.data(volume.id, volume.state() == VolumeState.TRASHED);
    return HostPlan.of(new HoldInQgroup(data, volume.qgroup, volume.sizeBytes));
  }

  @Override
  public HostPlan stage(Volume volume) {
    return HostPlan.empty();
  }

  @Override
  public HostPlan resize(Volume volume) {
    return HostPlan.of(new LimitQgroup(volume.qgroup, volume.wantedSizeBytes, volume.sizeBytes));
  }

  @Override
  public HostPlan trash(Volume volume) {
    return HostPlan.of(new Move(Layout.volume(volume.id), Layout.trash(volume.id)));
  }

  @Override
  public HostPlan purge(Volume volume) {
    return HostPlan.of(
        new PurgeSubvolume(Layout.trash(volume.id)),
        new PurgeSubvolume(Layout.volume(volume.id)),
        new RemoveQgroup(volume.qgroup));
  }

  @Override
  public boolean present(Volume volume) {
    return host.isSubvolume(Layout.volume(volume.id));
  }

  @Override
  public Optional<Long> usedBytes(Volume volume) {
    return host.qgroup(volume.qgroup).map(Qgroup::referencedBytes);
  }

  /** All groups by one search of the quota tree, since a look at each takes a file of /sys each. */
  @Override
  public List<Use> use(Collection<Volume> volumes) {
    if (volumes.isEmpty()) {
      return List.of();
    }
    Map<Long, Long> bytes =
        host.qgroups().stream().collect(Collectors.toMap(Qgroup::id, Qgroup::referencedBytes));
    return volumes.stream()
        .filter(volume -> bytes.containsKey(volume.qgroup))
        .map(volume -> new Use(volume.id, bytes.get(volume.qgroup), null, Use.Method.BTRFS_QGROUP))
        .toList();
  }
}
