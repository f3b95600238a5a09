package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import io.grpc.Status;
import io.joblet.storage.v1.AccessMode;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.AttachVolumeResponse;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CleanupVolumesResponse;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.CreateVolumeResponse;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeResponse;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.DetachVolumeResponse;
import io.joblet.storage.v1.GetVolumeResponse;
import io.joblet.storage.v1.Liveness;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.PrepareVolumesResponse;
import io.joblet.storage.v1.RenewLeaseResponse;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UndeleteVolumeResponse;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeResponse;
import io.joblet.storage.v1.VolumeMount;
import io.joblet.storage.v1.VolumeType;
import org.junit.jupiter.api.Test;

/** What commands that change something send and print. */
class ChangesTest extends WithDaemon {
  @Test
  void createsWithEverythingThatWasAskedFor() {
    daemon.answer(CreateVolumeResponse.newBuilder().setVolume(Samples.cache()).build());

    Outcome outcome =
        rnx(
            ("volume create cache --size=64MB --type=memory --label=a=b=c --label=e= --inodes=1000"
                    + " --uid=4294967294 --gid=100 --mode=0700 --protect --idle-timeout=30m"
                    + " --request-id=r1")
                .split(" "));

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                0,
                "created cache (01958f2e-0000-7000-8000-000000000002): 64 MiB memory, enforced by tmpfs\n",
                ""));
    assertThat(daemon.request(CreateVolumeRequest.class))
        .isEqualTo(
            CreateVolumeRequest.newBuilder()
                .setName("cache")
                .setType(VolumeType.MEMORY)
                .setSizeBytes(64L << 20)
                .putLabels("a", "b=c")
                .putLabels("e", "")
                .setInodeLimit(1000)
                .setUid(-2)
                .setGid(100)
                .setMode(0700)
                .setProtected(true)
                .setIdleTimeout(Duration.newBuilder().setSeconds(1800))
                .setRequestId("r1")
                .build());
  }

  @Test
  void leavesTheDaemonsDefaultsToTheDaemon() {
    daemon.answer(CreateVolumeResponse.newBuilder().setVolume(Samples.data()).build());

    assertThat(rnx("volume", "create", "data", "--size", "1.5 GB").status()).isZero();

    CreateVolumeRequest request = daemon.request(CreateVolumeRequest.class);
    assertThat(request.getType()).isEqualTo(VolumeType.FILESYSTEM);
    assertThat(request.getSizeBytes()).isEqualTo(1_610_612_736);
    assertThat(request.hasMode()).isFalse();
    assertThat(request.hasIdleTimeout()).isFalse();
  }

  @Test
  void updatesOnlyWhatWasNamed() {
    daemon.answer(UpdateVolumeResponse.newBuilder().setVolume(Samples.data()).build());

    Outcome outcome =
        rnx(
            "volume update data --size=2GB --no-protect --idle-timeout=never --if-version=3 --request-id=r"
                .split(" "));

    assertThat(outcome).isEqualTo(new Outcome(0, "updated data\n", ""));
    assertThat(daemon.request(UpdateVolumeRequest.class))
        .isEqualTo(
            UpdateVolumeRequest.newBuilder()
                .setVolume("data")
                .setSizeBytes(2L << 30)
                .setIdleTimeout(Duration.getDefaultInstance())
                .setRowVersion(3)
                .setUpdateMask(
                    FieldMask.newBuilder()
                        .addPaths("size_bytes")
                        .addPaths("protected")
                        .addPaths("idle_timeout"))
                .setRequestId("r")
                .build());
  }

  @Test
  void keepsOtherLabelsAndTriesAgainWhenSomebodyWasFaster() {
    daemon
        .answer(GetVolumeResponse.newBuilder().setVolume(Samples.data()).build())
        .refuse(Status.ABORTED.asRuntimeException())
        .answer(
            GetVolumeResponse.newBuilder()
                .setVolume(Samples.data().putLabels("other", "1").setRowVersion(4))
                .build())
        .answer(UpdateVolumeResponse.newBuilder().setVolume(Samples.data()).build());

    Outcome outcome = rnx("volume", "update", "data", "--label=env=prod", "--unlabel=team");

    assertThat(outcome).isEqualTo(new Outcome(0, "updated data\n", ""));
    UpdateVolumeRequest first = (UpdateVolumeRequest) daemon.requests().get(1);
    UpdateVolumeRequest second = (UpdateVolumeRequest) daemon.requests().get(3);
    assertThat(first.getLabelsMap()).containsOnlyKeys("env");
    assertThat(first.getRowVersion()).isEqualTo(3);
    assertThat(second.getLabelsMap()).containsOnlyKeys("env", "other");
    assertThat(second.getRowVersion()).isEqualTo(4);
    assertThat(second.getUpdateMask().getPathsList()).containsExactly("labels");
    assertThat(second.getRequestId()).isNotEqualTo(first.getRequestId());
  }

  @Test
  void givesUpOnLabelsWhenTheVersionThatWasNamedIsGone() {
    daemon
        .answer(GetVolumeResponse.newBuilder().setVolume(Samples.data()).build())
        .refuse(Status.ABORTED.withDescription("row_version is 3").asRuntimeException());

    Outcome outcome = rnx("volume", "update", "data", "--label=a=b", "--if-version=2");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("rnx: row_version is 3\n");
    assertThat(((UpdateVolumeRequest) daemon.requests().get(1)).getRowVersion()).isEqualTo(2);
  }

  @Test
  void attaches() {
    daemon.answer(AttachVolumeResponse.newBuilder().setAttachment(Samples.attachment()).build());

    Outcome outcome =
        rnx(
            "volume attach data --job=build-17 --path=/data --read-only --access=shared-read-only --lease=1h --request-id=r"
                .split(" "));

    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                0,
                "attached data to build-17 at /data; on the host: /opt/joblet/jobs/build-17/data\n",
                ""));
    assertThat(daemon.request(AttachVolumeRequest.class))
        .isEqualTo(
            AttachVolumeRequest.newBuilder()
                .setVolume("data")
                .setJobId("build-17")
                .setMountPath("/data")
                .setReadOnly(true)
                .setAccessMode(AccessMode.SHARED_READ_ONLY)
                .setLiveness(Liveness.newBuilder().setLease(Duration.newBuilder().setSeconds(3600)))
                .setRequestId("r")
                .build());
  }

  @Test
  void attachesForAProcess() {
    daemon.answer(AttachVolumeResponse.newBuilder().setAttachment(Samples.attachment()).build());

    assertThat(rnx("volume", "attach", "data", "--job=j", "--pid=4711").status()).isZero();
    assertThat(daemon.request(AttachVolumeRequest.class).getLiveness().getPid()).isEqualTo(4711);
  }

  @Test
  void detaches() {
    daemon.answer(DetachVolumeResponse.newBuilder().setVolume(Samples.data()).build());

    assertThat(rnx("volume", "detach", "data", "--job=j", "--path=/d", "--request-id=r"))
        .isEqualTo(new Outcome(0, "detached data\n", ""));
    assertThat(daemon.request(DetachVolumeRequest.class))
        .isEqualTo(
            DetachVolumeRequest.newBuilder()
                .setVolume("data")
                .setJobId("j")
                .setMountPath("/d")
                .setRequestId("r")
                .build());
  }

  @Test
  void removesWhatItCanAndSaysHowToHaveItBack() {
    daemon
        .answer(
            DeleteVolumeResponse.newBuilder()
                .setVolume(Samples.data().setPurgeAfter(Samples.time("2026-03-01T13:00:00Z")))
                .build())
        .refuse(Status.NOT_FOUND.withDescription("there is no volume 'x'").asRuntimeException())
        .answer(DeleteVolumeResponse.getDefaultInstance());

    Outcome outcome = rnx("volume", "rm", "data", "x", "cache", "--force", "--purge");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.out())
        .isEqualTo(
            """
            removed data; 'rnx volume undelete 01958f2e-0000-7000-8000-000000000001' has it back until 2026-03-01T13:00:00Z
            removed cache; its data is gone
            """);
    assertThat(outcome.err()).startsWith("rnx: there is no volume 'x'\n");
    assertThat(daemon.requests())
        .allSatisfy(request -> {
          assertThat(((DeleteVolumeRequest) request).getForce()).isTrue();
          assertThat(((DeleteVolumeRequest) request).getPurge()).isTrue();
        });
  }

  @Test
  void listsWhatItRemovedForPrograms() {
    daemon.answer(DeleteVolumeResponse.getDefaultInstance());

    assertThat(rnx("volume", "remove", "cache", "--format=yaml"))
        .isEqualTo(
            new Outcome(
                0,
                """
                - volume: cache
                  in_trash: false
                  id: null
                  name: null
                  purge_after: null
                """,
                ""));
  }

  @Test
  void undeletes() {
    daemon.answer(UndeleteVolumeResponse.newBuilder().setVolume(Samples.data()).build());

    assertThat(rnx("volume", "undelete", "old", "--name=data", "--request-id=r").out())
        .isEqualTo("undeleted data (01958f2e-0000-7000-8000-000000000001)\n");
    assertThat(daemon.request(UndeleteVolumeRequest.class).getNewName()).isEqualTo("data");
  }

  @Test
  void preparesRenewsAndCleansUpAJob() {
    daemon
        .answer(
            PrepareVolumesResponse.newBuilder()
                .addAttachments(Samples.attachment())
                .setJobDirectory("/opt/joblet/jobs/build-17")
                .build())
        .answer(
            RenewLeaseResponse.newBuilder()
                .setExpiresAt(Samples.time("2026-03-01T12:05:00Z"))
                .build())
        .answer(CleanupVolumesResponse.newBuilder().setDetached(2).build());

    assertThat(
            rnx(
                "job prepare build-17 --volume=data:/data --volume=m:/m:ro,shared --request-id=r"
                    .split(" ")))
        .isEqualTo(
            new Outcome(
                0, "prepared build-17 in /opt/joblet/jobs/build-17\n  data at /data\n", ""));
    assertThat(rnx("job", "renew", "build-17").out())
        .isEqualTo("renewed build-17 until 2026-03-01T12:05:00Z\n");
    assertThat(rnx("job", "cleanup", "build-17", "--format=json").out())
        .isEqualTo("{\n  \"job_id\": \"build-17\",\n  \"detached\": 2\n}\n");

    assertThat(daemon.requests().get(0))
        .isEqualTo(
            PrepareVolumesRequest.newBuilder()
                .setJobId("build-17")
                .addVolumes(VolumeMount.newBuilder().setVolume("data").setMountPath("/data"))
                .addVolumes(
                    VolumeMount.newBuilder()
                        .setVolume("m")
                        .setMountPath("/m")
                        .setReadOnly(true)
                        .setAccessMode(AccessMode.SHARED))
                .setLiveness(Liveness.newBuilder().setUntilCleanup(true))
                .setRequestId("r")
                .build());
    assertThat(((CleanupVolumesRequest) daemon.requests().get(2)).getRequestId()).isNotEmpty();
  }
}
