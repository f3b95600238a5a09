package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import io.grpc.Status.Code;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.GetOwnerRequest;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.ListOwnersRequest;
import io.joblet.storage.v1.Owner;
import io.joblet.storage.v1.OwnerLimits;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SetOwnerLimitsRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much an owner may have, enforced by the database. */
@QuarkusTest
class OwnerLimitTest extends RemoteTest {
  private Remote dana;
  private Remote ops;

  @BeforeEach
  void connectBoth() {
    dana = as("dana", "maintainer");
    ops = as("ops", "admin");
  }

  @AfterEach
  void liftLimits() {
    rows.change("delete from owner_limit");
  }

  private Owner limit(OwnerLimits limits, String... mask) {
    return ops.access()
        .setOwnerLimits(
            SetOwnerLimitsRequest.newBuilder()
                .setOwner("dana")
                .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(mask)))
                .setLimits(limits)
                .build())
        .getOwner();
  }

  private Volume make(String name) {
    return dana.volumes().createVolume(wantedInMemory(name).build()).getVolume();
  }

  private void refused(Refused refusal, String limit, String message) {
    assertThat(refusal.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(refusal.limit()).isEqualTo(limit);
    assertThat(refusal.message()).isEqualTo(limit + ": " + message);
  }

  @Test
  void aHundredCreatesAtOnceEndAtTheLimit() {
    limit(OwnerLimits.newBuilder().setVolumes(7).build(), "volumes");

    List<Clients.Outcome<Volume>> outcomes =
        Clients.together(
            100,
            i ->
                dana.volumes()
                    .createVolume(wantedInMemory("v" + i).setSizeBytes(MIB / 16).build())
                    .getVolume());

    assertThat(outcomes.stream().filter(Clients.Outcome::won)).hasSize(7);
    assertThat(outcomes.stream().filter(o -> !o.won()))
        .allSatisfy(o ->
            refused(
                o.refusal(), "owner.volumes", "owner 'dana' may have 7 volumes and would have 8"));
    assertThat(rows.count("select count(*) from volume where owner = 'dana'")).isEqualTo(7);
  }

  @Test
  void startsOfJobsAtOnceEndAtTheLimit() {
    limit(OwnerLimits.newBuilder().setJobs(3).build(), "jobs");

    List<Clients.Outcome<String>> outcomes =
        Clients.together(
            20,
            i ->
                dana.jobs()
                    .runJob(
                        RunJobRequest.newBuilder()
                            .setJobId("j" + i)
                            .addCommand("sleep")
                            .addCommand("60")
                            .build())
                    .getJob()
                    .getId());

    assertThat(outcomes.stream().filter(Clients.Outcome::won)).hasSize(3);
    assertThat(outcomes.stream().filter(o -> !o.won()))
        .allSatisfy(o ->
            refused(o.refusal(), "owner.jobs", "owner 'dana' may have 3 jobs and would have 4"));
  }

  @Test
  void bytesCountWithTheirNewSizeAndTheTrashDoesNot() {
    limit(OwnerLimits.newBuilder().setVolumeBytes(40 * MIB).build(), "volume_bytes");
    Volume one = dana.volumes().createVolume(wanted("one").build()).getVolume();
    dana.volumes().createVolume(wanted("two").build());

    refused(
        Refused.by(() -> dana.volumes().createVolume(wanted("three").build())),
        "owner.volume_bytes",
        "owner 'dana' may have 41943040 volume_bytes and would have 50331648");
    refused(
        Refused.by(() ->
            dana.volumes()
                .updateVolume(
                    UpdateVolumeRequest.newBuilder()
                        .setVolume("one")
                        .setUpdateMask(FieldMask.newBuilder().addPaths("size_bytes"))
                        .setSizeBytes(32 * MIB)
                        .build())),
        "owner.volume_bytes",
        "owner 'dana' may have 41943040 volume_bytes and would have 50331648");
    assertThat(get("dana/one").getStatus()).isEqualTo("available");

    dana.volumes().deleteVolume(DeleteVolumeRequest.newBuilder().setVolume("one").build());
    dana.volumes().createVolume(wanted("three").build());
    refused(
        Refused.by(() ->
            dana.volumes()
                .undeleteVolume(UndeleteVolumeRequest.newBuilder().setVolume(one.getId()).build())),
        "owner.volume_bytes",
        "owner 'dana' may have 41943040 volume_bytes and would have 50331648");
    assertThat(get(one.getId()).getStatus()).isEqualTo("deleted");
    assertThat(findings()).isEmpty();
  }

  @Test
  void memoryIsThatOfVolumesAndOfTheScratchSpaceOfJobs() {
    limit(OwnerLimits.newBuilder().setMemoryBytes(4 * MIB).build(), "memory_bytes");
    make("one");
    JobFilesystem scratch =
        JobFilesystem.newBuilder()
            .setWorkSizeBytes(MIB)
            .setTmpSizeBytes(MIB)
            .setShmSizeBytes(2 * MIB)
            .build();

    refused(
        Refused.by(() ->
            dana.jobs()
                .prepareFilesystem(
                    PrepareFilesystemRequest.newBuilder()
                        .setJobId("j")
                        .setFilesystem(scratch)
                        .build())),
        "owner.memory_bytes",
        "owner 'dana' may have 4194304 memory_bytes and would have 5242880");
    assertThat(rows.count("select count(*) from job where owner = 'dana'")).isZero();
    assertThat(
            ops.access()
                .getOwner(GetOwnerRequest.newBuilder().setOwner("dana").build())
                .getOwner()
                .getUsed()
                .getMemoryBytes())
        .isEqualTo(MIB);
  }

  @Test
  void onlyTheLimitsThatAreNamedChangeAndUnsetLiftsOne() {
    Owner both =
        limit(OwnerLimits.newBuilder().setVolumes(1).setJobs(2).build(), "volumes", "jobs");
    Owner one = limit(OwnerLimits.getDefaultInstance(), "volumes");
    make("a");
    make("b");
    Owner none = limit(OwnerLimits.getDefaultInstance(), "jobs");

    assertThat(both.getLimits().getVolumes()).isEqualTo(1);
    assertThat(one.getLimits().hasVolumes()).isFalse();
    assertThat(one.getLimits().getJobs()).isEqualTo(2);
    assertThat(none.getLimits()).isEqualTo(OwnerLimits.getDefaultInstance());
    assertThat(none.getUsed().getVolumes()).isEqualTo(2);
    assertThat(rows.count("select count(*) from owner_limit")).isZero();
  }

  @Test
  void aLimitBelowWhatIsThereRefusesMoreAndTakesNothing() {
    make("a");
    make("b");
    limit(OwnerLimits.newBuilder().setVolumes(1).build(), "volumes");

    refused(
        Refused.by(() -> make("c")),
        "owner.volumes",
        "owner 'dana' may have 1 volumes and would have 3");
    dana.volumes().deleteVolume(DeleteVolumeRequest.newBuilder().setVolume("a").build());
    assertThat(get("dana/b").getStatus()).isEqualTo("available");
  }

  @Test
  void ownersSeeTheirOwnAccountAndAdminsAll() {
    make("a");
    limit(OwnerLimits.newBuilder().setVolumes(3).build(), "volumes");
    create(wantedInMemory("of-root"));

    Owner own = dana.access().getOwner(GetOwnerRequest.getDefaultInstance()).getOwner();
    Refused other =
        Refused.by(
            () -> dana.access().getOwner(GetOwnerRequest.newBuilder().setOwner("root").build()));

    assertThat(own.getName()).isEqualTo("dana");
    assertThat(own.getLimits().getVolumes()).isEqualTo(3);
    assertThat(other.code()).isEqualTo(Code.PERMISSION_DENIED);
    var first = ops.access().listOwners(ListOwnersRequest.newBuilder().setPageSize(1).build());
    var second =
        ops.access()
            .listOwners(
                ListOwnersRequest.newBuilder()
                    .setPageSize(1)
                    .setPageToken(first.getNextPageToken())
                    .build());
    assertThat(first.getOwners(0).getName()).isEqualTo("dana");
    assertThat(second.getOwners(0).getName()).isEqualTo("root");
    assertThat(second.getNextPageToken()).isEmpty();
  }
}
