package io.joblet.storage.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.Chunk;
import io.joblet.storage.v1.Enforcement;
import io.joblet.storage.v1.IoLimits;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.Network;
import io.joblet.storage.v1.Userland;
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

  static final String JOB_ID = "01958f2e-0000-7000-8000-0000000000f1";

  /** Everything set that a running job has. */
  static Job.Builder running() {
    return Job.newBuilder()
        .setId(JOB_ID)
        .setName("build-17")
        .setOwner("root")
        .setNode("host-1")
        .setStatus("running")
        .setCreatedAt(time("2026-03-01T11:59:00Z"))
        .setStartedAt(time("2026-03-01T11:59:00.004Z"))
        .addCommand("sh")
        .addCommand("-c")
        .addCommand("echo 'hi'")
        .addEnvironmentNames("PATH")
        .setWorkingDirectory("/work")
        .setFilesystem(
            JobFilesystem.newBuilder()
                .setUserland(Userland.HOST)
                .setWorkSizeBytes(1 << 20)
                .setTmpSizeBytes(2 << 20)
                .setShmSizeBytes(3 << 20)
                .setUid(65534)
                .setGid(65534))
        .setIoLimits(IoLimits.newBuilder().setReadBps(10 << 20).setWriteIops(100))
        .setNetwork(Network.NONE)
        .setPidsLimit(512)
        .addWarnings("buffered writes are not limited on this host")
        .addAttachments(attachment())
        .setDirectory("/opt/joblet/jobs/build-17")
        .setSupervisorPid(4711)
        .setLogSizeBytes(16 << 20)
        .setRowVersion(4);
  }

  /** One that has come to its end by itself. */
  static Job.Builder exited(int code) {
    return running()
        .setStatus("exited")
        .setExitCode(code)
        .setFinishedAt(time("2026-03-01T11:59:30Z"))
        .setEndedAt(time("2026-03-01T11:59:31Z"))
        .clearSupervisorPid()
        .clearDirectory();
  }

  static JobOutput begun(Job.Builder job) {
    return JobOutput.newBuilder().setJob(job).build();
  }

  static JobOutput ended(Job.Builder job) {
    return JobOutput.newBuilder().setEnded(job).build();
  }

  static JobOutput output(int second, String text) {
    return chunk(second, false, ByteString.copyFromUtf8(text));
  }

  static JobOutput errors(int second, String text) {
    return chunk(second, true, ByteString.copyFromUtf8(text));
  }

  /**
   * Output of a job.
   *
   * @param second after eleven o'clock
   */
  static JobOutput chunk(int second, boolean error, ByteString data) {
    return JobOutput.newBuilder()
        .setChunk(
            Chunk.newBuilder()
                .setTime(Timestamp.newBuilder().setSeconds(1_772_362_800L + second))
                .setError(error)
                .setData(data))
        .build();
  }
}
