package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.config.Size;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.service.Clients.Outcome;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits of the host as a whole, each refused by its name in the configuration. */
@QuarkusTest
class CapacityTest extends RemoteTest {

  @Test
  void memoryVolumesShareABudget() {
    create(wantedInMemory("a").setSizeBytes(60 * MIB));

    assertThat(exhausted(() -> create(wantedInMemory("b").setSizeBytes(5 * MIB))))
        .isEqualTo("joblet.memory.budget");
    create(wantedInMemory("c").setSizeBytes(4 * MIB));
    delete("a");
    create(wantedInMemory("b").setSizeBytes(60 * MIB));
  }

  @Test
  void parallelClaimsNeverExceedTheBudget() {
    List<Outcome<Volume>> outcomes =
        Clients.together(20, i -> create(wantedInMemory("v" + i).setSizeBytes(10 * MIB)));

    assertThat(outcomes.stream().filter(Outcome::won)).hasSize(6);
  }

  @Test
  void sizesOnDiskAreBoundByThePoolAndTheOvercommit() {
    assertThat(exhausted(() -> create(wanted("huge").setSizeBytes(500 * MIB))))
        .isEqualTo("joblet.pool.size");
    for (int i = 0; i < 4; i++) {
      create(wanted("v" + i).setSizeBytes(470 * MIB));
    }
    assertThat(exhausted(() -> create(wanted("v4").setSizeBytes(470 * MIB))))
        .isEqualTo("joblet.pool.max-overcommit");
  }

  @Test
  void theTrashMakesRoomBeforeThePoolIsCalledFull() {
    create(wanted("old").setInodeLimit(1000).setSizeBytes(200 * MIB));
    String old = delete("old").getId();
    create(wanted("first").setInodeLimit(1000).setSizeBytes(150 * MIB));

    create(wanted("second").setInodeLimit(1000).setSizeBytes(150 * MIB));

    assertThat(Refused.by(() -> get(old)).code()).isEqualTo(Code.NOT_FOUND);
    assertThat(exhausted(() -> create(wanted("third").setInodeLimit(1000).setSizeBytes(400 * MIB))))
        .isEqualTo("joblet.pool.reserve");
    assertThat(rows.count("select count(*) from volume")).isEqualTo(2);
  }

  @Test
  void theTrashStaysWhereItCouldNotMakeRoom() {
    create(wanted("old").setInodeLimit(1000).setSizeBytes(100 * MIB));
    String old = delete("old").getId();
    create(wanted("image").setInodeLimit(1000).setSizeBytes(150 * MIB));

    for (long size : List.of(400 * MIB, 100_000 * MIB)) {
      exhausted(() -> create(wanted("more").setInodeLimit(1000).setSizeBytes(size)));
      exhausted(() -> volumes.updateVolume(VolumeLifeTest.resize("image", size)));
    }

    assertThat(get(old).getStatus()).isEqualTo("deleted");
  }

  /** What a volume held is counted by quotas alone; without them it is seen by what is free. */
  @Test
  void theTrashIsPurgedNoFurtherThanNeededWhereNobodyCountsWhatItHolds() {
    Volume old = create(wanted("old").setSizeBytes(250 * MIB));
    Shell.ok("dd", "if=/dev/zero", "of=" + old.getPath() + "/data", "bs=1M", "count=200");
    delete("old");
    create("young");
    delete("young");
    Shell.ok("btrfs", "quota", "disable", config.volumesDirectory());
    try {
      create(wanted("image").setInodeLimit(1000).setSizeBytes(300 * MIB));
    } finally {
      fix();
    }
    assertThat(findings()).isEmpty();

    assertThat(rows.query("select name || ' ' || state from volume order by name"))
        .containsExactly("image AVAILABLE", "young TRASHED");
  }

  @Test
  void whatAllOwnersHaveTogetherIsToldToAdminsAlone() {
    create(wantedInMemory("a").setSizeBytes(40 * MIB));
    Remote alice = as("alice", "maintainer");
    List<CreateVolumeRequest> tooMuch =
        List.of(
            wantedInMemory("c").setSizeBytes(30 * MIB).build(),
            wanted("huge").setSizeBytes(500 * MIB).build());

    for (CreateVolumeRequest request : tooMuch) {
      String sized = new Size(request.getSizeBytes()).human();
      Refused told = Refused.by(() -> alice.volumes().createVolume(request));
      Refused all = Refused.by(() -> volumes.createVolume(request));
      assertThat(told.limit()).isEqualTo(all.limit());
      assertThat(all.message()).startsWith(told.message() + ": ");
      // The limit's name, and no size but the one that was asked for.
      assertThat(told.status().toString().replace(sized, ""))
          .doesNotContainPattern("[0-9] [KMG]?i?B");
      assertThat(all.message()).containsPattern("[0-9] MiB .*[0-9] MiB");
    }
  }

  private static String exhausted(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Refused refused = Refused.by(call);
    assertThat(refused.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    return refused.limit();
  }
}
