package io.joblet.storage.provider;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.Move;
import io.joblet.storage.host.HostOperation.PurgeDirectory;
import io.joblet.storage.host.HostOperation.SetOwnership;
import io.joblet.storage.host.HostOperation.Sync;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.StorageProvider;
import io.joblet.storage.volume.Use;
import io.joblet.storage.volume.Volume;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A plain directory: its size is only a number, and every answer about it says so. */
@ApplicationScoped
public class DirectoryProvider implements StorageProvider {
  private final Host host;

  DirectoryProvider(Host host) {
    this.host = host;
  }

  @Override
  public ProviderName name() {
    return ProviderName.DIRECTORY;
  }

  @Override
  public Optional<String> unavailable() {
    return Optional.empty();
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
        new MakeDirectory(Layout.volume(volume.id), 0700),
        new SetOwnership(Layout.volume(volume.id), volume.uid, volume.gid, volume.mode),
        new Sync(ManagedRoot.VOLUMES));
  }

  @Override
  public HostPlan standing(Volume volume) {
    return HostPlan.empty();
  }

  @Override
  public HostPlan stage(Volume volume) {
    return HostPlan.empty();
  }

  @Override
  public HostPlan resize(Volume volume) {
    return HostPlan.empty();
  }

  @Override
  public HostPlan trash(Volume volume) {
    return HostPlan.of(new Move(Layout.volume(volume.id), Layout.trash(volume.id)));
  }

  @Override
  public HostPlan purge(Volume volume) {
    return HostPlan.of(
        new PurgeDirectory(Layout.trash(volume.id)), new PurgeDirectory(Layout.volume(volume.id)));
  }

  @Override
  public boolean present(Volume volume) {
    return host.exists(Layout.volume(volume.id));
  }

  @Override
  public Optional<Long> usedBytes(Volume volume) {
    return Optional.empty();
  }

  @Override
  public List<Use> use(Collection<Volume> volumes) {
    return List.of();
  }
}
