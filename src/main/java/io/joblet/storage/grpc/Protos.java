package io.joblet.storage.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.joblet.storage.job.Places;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.Enforcement;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeType;
import io.joblet.storage.volume.VolumeView;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** From rows to messages. */
@ApplicationScoped
class Protos {
  private final Places places;
  private final CurrentNode node;

  Protos(Places places, CurrentNode node) {
    this.places = places;
    this.node = node;
  }

  /** What this caller may see of it: not whose jobs hold a volume that is shared. */
  Volume.Builder volume(Caller caller, VolumeView view) {
    io.joblet.storage.volume.Volume row = view.volume();
    Volume.Builder volume =
        Volume.newBuilder()
            .setId(row.id.toString())
            .setName(row.name)
            .setType(type(row.type))
            .setSizeBytes(row.sizeBytes)
            .setStatus(view.status())
            .setCreatedAt(time(row.createdAt))
            .putAllLabels(row.labels)
            .setOwner(row.owner)
            .setNode(node.name())
            .setProvider(row.provider.text())
            .setEnforcement(Enforcement.valueOf(row.enforcement.name()))
            .setInodeLimit(row.inodeLimit)
            .setUid((int) row.uid)
            .setGid((int) row.gid)
            .setMode(row.mode)
            .setProtected(row.isProtected)
            .setPath(places.of(row))
            .setReason(row.reason)
            .setRowVersion(row.rowVersion)
            .setEnforcedBytes(
                row.enforcement == io.joblet.storage.volume.Enforcement.UNENFORCED
                    ? 0
                    : row.sizeBytes);
    if (row.lastUsedAt != null) {
      volume.setLastUsed(time(row.lastUsedAt));
    }
    if (row.deletedAt != null) {
      volume.setDeletedAt(time(row.deletedAt));
    }
    if (row.purgeAfter != null) {
      volume.setPurgeAfter(time(row.purgeAfter));
    }
    row.idleTimeout()
        .ifPresent(t -> volume.setIdleTimeout(Duration.newBuilder().setSeconds(t.toSeconds())));
    if (view.attachments().size() == 1
        && view.attachments().getFirst().visibleTo(caller.identity())) {
      volume.setCurrentJobId(view.attachments().getFirst().jobName);
    }
    volume.setShared(!caller.identity().seesAll() && !row.owner.equals(caller.owner()));
    view.attachments().stream()
        .filter(a -> a.visibleTo(caller.identity()))
        .forEach(a -> volume.addAttachments(attachment(a, row.name)));
    return volume;
  }

  /**
   * The volume that somebody has detached. Of another owner's only what it is called: it may be
   * shared with the caller no longer.
   */
  Volume leftBehind(Caller caller, VolumeView view) {
    Volume whole = volume(caller, view).build();
    return whole.getShared()
        ? Volume.newBuilder()
            .setId(whole.getId())
            .setName(whole.getName())
            .setOwner(whole.getOwner())
            .setShared(true)
            .addAllAttachments(whole.getAttachmentsList())
            .build()
        : whole;
  }

  Attachment attachment(io.joblet.storage.volume.Attachment row, String volumeName) {
    Attachment.Builder attachment =
        Attachment.newBuilder()
            .setId(row.id.toString())
            .setVolumeId(row.volumeId.toString())
            .setVolumeName(volumeName)
            .setJobId(row.jobName)
            .setMountPath(row.mountPath)
            .setHostPath(places.of(row))
            .setReadOnly(row.readOnly)
            .setAccessMode(AccessMode.valueOf(row.accessMode.name()))
            .setStatus(row.state.name().toLowerCase(Locale.ROOT));
    if (row.attachedAt != null) {
      attachment.setAttachedAt(time(row.attachedAt));
    }
    return attachment.build();
  }

  /** Rounded as PostgreSQL rounds it: a change is answered with what later calls will read. */
  static Timestamp time(Instant instant) {
    Instant kept = instant.plusNanos(500).truncatedTo(ChronoUnit.MICROS);
    return Timestamp.newBuilder()
        .setSeconds(kept.getEpochSecond())
        .setNanos(kept.getNano())
        .build();
  }

  private static VolumeType type(io.joblet.storage.volume.VolumeType type) {
    return switch (type) {
      case FILESYSTEM -> VolumeType.FILESYSTEM;
      case MEMORY -> VolumeType.MEMORY;
    };
  }
}
