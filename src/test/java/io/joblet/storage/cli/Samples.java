package io.joblet.storage.cli;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.Enforcement;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeType;
import java.time.Instant;

/** Volumes and attachments as a daemon would send them. */
final class Samples {
  static final String DATA_ID = "01958f2e-0000-7000-8000-000000000001";

  private Samples() {}

  static Timestamp time(String text) {
    Instant instant = Instant.parse(text);
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Attachment attachment() {
    return Attachment.newBuilder()
        .setId("01958f2e-0000-7000-8000-0000000000a1")
        .setVolumeId(DATA_ID)
        .setVolumeName("data")
        .setJobId("build-17")
        .setMountPath("/data")
        .setHostPath("/opt/joblet/jobs/build-17/data")
        .setAccessMode(AccessMode.EXCLUSIVE)
        .setStatus("attached")
        .setAttachedAt(time("2026-03-01T11:00:00Z"))
        .build();
  }

  /** Everything set that an attached volume has. */
  static Volume.Builder data() {
    return Volume.newBuilder()
        .setId(DATA_ID)
        .setName("data")
        .setType(VolumeType.FILESYSTEM)
        .setSizeBytes(1L << 30)
        .setUsedBytes(1536L << 10)
        .setEnforcement(Enforcement.BTRFS_QGROUP)
        .setEnforcedBytes(1L << 30)
        .setStatus("in_use")
        .setOwner("root")
        .setNode("host-1")
        .setProvider("btrfs")
        .setMode(0755)
        .setPath("/var/lib/joblet/volumes/" + DATA_ID)
        .setCreatedAt(time("2026-03-01T09:30:00.250Z"))
        .setLastUsed(time("2026-03-01T11:00:00Z"))
        .setCurrentJobId("build-17")
        .putLabels("team", "search")
        .addAttachments(attachment())
        .setRowVersion(3);
  }

  /** As little as possible: much of it is absent. */
  static Volume.Builder cache() {
    return Volume.newBuilder()
        .setId("01958f2e-0000-7000-8000-000000000002")
        .setName("cache")
        .setType(VolumeType.MEMORY)
        .setSizeBytes(64L << 20)
        .setEnforcement(Enforcement.TMPFS)
        .setEnforcedBytes(64L << 20)
        .setStatus("available")
        .setOwner("root")
        .setNode("host-1")
        .setProvider("memory")
        .setMode(0700)
        .setUid(-2)
        .setIdleTimeout(Duration.newBuilder().setSeconds(1800))
        .setCreatedAt(time("2026-02-27T12:00:00Z"))
        .setRowVersion(1);
  }
}
