package io.joblet.storage.reconcile;

import io.joblet.storage.config.Size;
import io.joblet.storage.config.UnixIdConverter;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.host.Host.Top;
import io.joblet.storage.host.HostException;
import io.joblet.storage.reconcile.PoolPlaces.Place;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeRecord;
import java.util.Optional;
import java.util.Set;

/**
 * What the disk tells of a volume whose row was lost: it counts more than a record, which may be
 * older. Asks the host, so it belongs on a host thread.
 */
final class Remains {
  private final Host kernel;
  private final HostInventory onHost;
  private final Bounds bounds;

  /**
   * Between what sizes there are volumes.
   *
   * @param smallest what is smaller, and has no record, was never a volume
   * @param poolBytes what is larger, and by its record alone, has no place here
   * @param memoryBytes the same for what is in memory
   */
  record Bounds(Size smallest, long poolBytes, long memoryBytes) {}

  Remains(Host kernel, HostInventory onHost, Bounds bounds) {
    this.kernel = kernel;
    this.onHost = onHost;
    this.bounds = bounds;
  }

  /**
   * Takes over what the disk says; returns why it cannot be a volume of its own. One on btrfs whose
   * quota group is lost has none afterwards.
   */
  Optional<String> measure(Volume volume, Place place, Set<Long> takenGroups, Note note) {
    long recorded = volume.sizeBytes;
    Optional<String> obstacle =
        switch (place.kind()) {
          case BTRFS -> group(volume, place, takenGroups, note);
          case LOOP -> {
            volume.sizeBytes = kernel.fileSize(place.path()).orElse(0L);
            yield noImage(place, volume.sizeBytes, recorded > 0);
          }
          case DIRECTORY, MEMORY -> byRecord(volume);
        };
    if (obstacle.isPresent()) {
      return obstacle;
    }
    if (volume.sizeBytes <= 0) {
      return Optional.of("nothing tells its size");
    }
    if (recorded > 0 && recorded != volume.sizeBytes) {
      note.add("its record says " + recorded + " bytes");
    }
    return Optional.empty();
  }

  private Optional<String> group(Volume volume, Place place, Set<Long> takenGroups, Note note) {
    Optional<Long> number = kernel.qgroupOf(place.path());
    if (number.isEmpty() && volume.sizeBytes > 0) {
      volume.qgroup = null;
      note.add("its quota group is lost; a new one counts only what is written from now on");
      return byRecord(volume);
    }
    Optional<Qgroup> group = number.map(onHost.qgroups()::get);
    if (group.isEmpty() || takenGroups.contains(group.get().id())) {
      return Optional.of("it is in no quota group of its own, so no limit would hold");
    }
    volume.qgroup = group.get().id();
    long limit = group.get().limitBytes();
    if (limit > 0 && limit <= VolumeRecord.LARGEST_SIZE) {
      volume.sizeBytes = limit;
    }
    return Optional.empty();
  }

  /** What nothing on the disk limits has to be of a size that it could have been made with. */
  private Optional<String> byRecord(Volume volume) {
    return volume.sizeBytes > bounds.poolBytes()
        ? Optional.of("its record says " + volume.sizeBytes + " bytes, more than the pool can hold")
        : Optional.empty();
  }

  /** Why it cannot be in memory here. */
  Optional<String> tooLargeForMemory(Volume volume) {
    return volume.sizeBytes > bounds.memoryBytes()
        ? Optional.of(
            "its record says "
                + volume.sizeBytes
                + " bytes, more than a volume in memory can have here"
                + " (joblet.memory.max-size, joblet.memory.budget)")
        : Optional.empty();
  }

  /** The smallest size may have been another when there was a volume, so a record counts more. */
  private Optional<String> noImage(Place place, long sizeBytes, boolean recorded) {
    try {
      if (!kernel.isExt4(place.path())) {
        return Optional.of("there is no ext4 in it");
      }
    } catch (HostException e) {
      return Optional.of("it cannot be read (" + e.getMessage() + ")");
    }
    return recorded || sizeBytes >= bounds.smallest().bytes()
        ? Optional.empty()
        : Optional.of("with " + sizeBytes + " bytes it is smaller than any volume");
  }

  /** Makes it whose it is on disk, and notes what nothing tells. */
  void identify(Volume volume, Place place, Note note) {
    Optional<Top> top = top(place);
    top.ifPresent(t -> {
      volume.uid = t.uid();
      volume.gid = t.gid();
      volume.mode = t.mode();
    });
    note.add(
        (top.isPresent()
                ? "owner and name are made up, uid, gid and mode are those on disk"
                : "owner, name, uid, gid and mode are made up")
            + "; labels, sharing, protection and inode limit are gone");
  }

  private Optional<Top> top(Place place) {
    try {
      return kernel
          .top(place.path())
          .filter(t -> t.uid() <= UnixIdConverter.LARGEST && t.gid() <= UnixIdConverter.LARGEST);
    } catch (HostException unreadable) {
      return Optional.empty();
    }
  }

  /** As the kernel counts it; null if nothing can say without mounting it. */
  Long used(Long group) {
    Qgroup known = group == null ? null : onHost.qgroups().get(group);
    return known == null ? null : Long.valueOf(known.referencedBytes());
  }
}
