package io.joblet.storage.provider;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostOperation.GrowImage;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeImage;
import io.joblet.storage.host.HostOperation.MountImage;
import io.joblet.storage.host.HostOperation.Move;
import io.joblet.storage.host.HostOperation.RemoveFile;
import io.joblet.storage.host.HostOperation.ShrinkImage;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Layout;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.StorageProvider;
import io.joblet.storage.volume.Use;
import io.joblet.storage.volume.Volume;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An ext4 of its own in an image file, mounted while attached. Its blocks are allocated when it is
 * made, so the size is also a promise. ext4 cannot shrink while mounted, so a volume in use does
 * not.
 */
@ApplicationScoped
public class LoopProvider implements StorageProvider {
  private final Host host;

  LoopProvider(Host host) {
    this.host = host;
  }

  @Override
  public ProviderName name() {
    return ProviderName.LOOP;
  }

  @Override
  public Optional<String> unavailable() {
    return host.capabilities().loopImages()
        ? Optional.empty()
        : Optional.of("loop devices or mkfs.ext4 are missing");
  }

  @Override
  public boolean limitsInodes() {
    return true;
  }

  @Override
  public boolean shrinksInUse() {
    return false;
  }

  @Override
  public HostPlan create(Volume volume) {
    return HostPlan.of(
        new MakeImage(
            Layout.image(volume.id),
            volume.sizeBytes,
            volume.inodeLimit,
            volume.uid,
            volume.gid,
            volume.mode));
  }

  @Override
  public HostPlan standing(Volume volume) {
    return HostPlan.empty();
  }

  @Override
  public HostPlan stage(Volume volume) {
    return HostPlan.of(
        new MakeDirectory(Layout.volume(volume.id), 0700),
        new MountImage(Layout.image(volume.id), Layout.volume(volume.id)));
  }

  @Override
  public HostPlan resize(Volume volume) {
    return HostPlan.of(
        volume.wantedSizeBytes < volume.sizeBytes
            ? new ShrinkImage(
                Layout.image(volume.id),
                Layout.volume(volume.id),
                volume.wantedSizeBytes,
                volume.sizeBytes,
                volume.inodeLimit)
            : new GrowImage(
                Layout.image(volume.id),
                Layout.volume(volume.id),
                volume.wantedSizeBytes,
                volume.sizeBytes));
  }

  @Override
  public HostPlan trash(Volume volume) {
    return HostPlan.of(new Move(Layout.image(volume.id), Layout.trash(volume.id)));
  }

  @Override
  public HostPlan purge(Volume volume) {
    return HostPlan.of(
        new RemoveFile(Layout.trash(volume.id)), new RemoveFile(Layout.image(volume.id)));
  }

  @Override
  public boolean present(Volume volume) {
    return host.exists(Layout.image(volume.id));
  }

  @Override
  public Optional<Long> usedBytes(Volume volume) {
    return host.mountedSpace(Layout.volume(volume.id)).map(Host.Space::usedBytes);
  }

  /** An image is mounted while somebody has it; what is in the others only they could tell. */
  @Override
  public List<Use> use(Collection<Volume> volumes) {
    return volumes.stream()
        .filter(volume -> volume.heldAs != null)
        .flatMap(volume ->
            host.mountedSpace(Layout.volume(volume.id)).stream()
                .map(s -> new Use(volume.id, s.usedBytes(), s.usedInodes(), Use.Method.STATFS)))
        .toList();
  }
}
