package io.joblet.storage.provider;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostOperation.LimitTmpfs;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MountTmpfs;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.StorageProvider;
import io.joblet.storage.volume.Use;
import io.joblet.storage.volume.Volume;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A tmpfs of its own from the first attach to the last detach. Until then it is only a row and a
 * claim on the memory budget; there is nothing to trash and nothing that could be lost.
 */
@ApplicationScoped
public class MemoryProvider implements StorageProvider {
  private static final long FEWEST_INODES = 16;

  private final Host host;
  private final long bytesPerInode;

  MemoryProvider(Host host, StorageConfig config) {
    this.host = host;
    this.bytesPerInode = Math.max(1, config.memory().bytesPerInode().bytes());
  }

  @Override
  public ProviderName name() {
    return ProviderName.MEMORY;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
  }

  @Override
  public boolean limitsInodes() {
    return true;
  }

  @Override
  public boolean shrinksInUse() {
    return true;
  }

  @Override
  public HostPlan create(Volume volume) {
    return HostPlan.empty();
  }

  @Override
  public HostPlan standing(Volume volume) {
    return HostPlan.empty();
  }

  @Override
  public HostPlan stage(Volume volume) {
    ManagedPath target = Layout.volume(volume.id);
    return HostPlan.of(
        new MakeDirectory(target, 0700),
        new MountTmpfs(
            target,
            volume.sizeBytes,
            inodes(volume, volume.sizeBytes),
            volume.uid,
            volume.gid,
            volume.mode));
  }

  @Override
  public HostPlan resize(Volume volume) {
    return HostPlan.of(
        new LimitTmpfs(
            Layout.volume(volume.id),
            volume.wantedSizeBytes,
            volume.sizeBytes,
            inodes(volume, Math.max(volume.sizeBytes, volume.wantedSizeBytes))));
  }

  @Override
  public HostPlan trash(Volume volume) {
    return HostPlan.empty();
  }

  @Override
  public HostPlan purge(Volume volume) {
    return HostPlan.empty();
  }

  @Override
  public boolean present(Volume volume) {
    return true;
  }

  @Override
  public Optional<Long> usedBytes(Volume volume) {
    return Optional.of(
        host.mountedSpace(Layout.volume(volume.id)).map(Host.Space::usedBytes).orElse(0L));
  }

  @Override
  public List<Use> use(Collection<Volume> volumes) {
    return volumes.stream().map(this::use).toList();
  }

  private Use use(Volume volume) {
    Optional<Host.Space> mounted =
        volume.heldAs == null ? Optional.empty() : host.mountedSpace(Layout.volume(volume.id));
    return mounted
        .map(s -> new Use(volume.id, s.usedBytes(), s.usedInodes(), Use.Method.STATFS))
        .orElseGet(() -> new Use(volume.id, 0, 0L, Use.Method.NOT_MOUNTED));
  }

  /** A tmpfs inode costs kernel memory that its size does not count, so there is always a limit. */
  private long inodes(Volume volume, long sizeBytes) {
    return volume.inodeLimit > 0
        ? volume.inodeLimit
        : Math.max(FEWEST_INODES, sizeBytes / bytesPerInode);
  }
}
