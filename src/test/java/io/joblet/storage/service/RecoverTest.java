package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.RecoverableVolume.Action;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.VolumeRecord;
import io.joblet.storage.volume.VolumeType;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a recovery says of things that were set aside. */
@QuarkusTest
class RecoverTest extends ServiceTest {
  private static final String NOT_READ =
      "what lies in its record's place is no file of the daemon's, and was not read";
  private static final String MADE_UP =
      "owner and name are made up, uid, gid and mode are those on disk; labels, sharing,"
          + " protection and inode limit are gone";

  private final UUID id = UUID.randomUUID();

  @Test
  void aLinkInTheRecordsPlaceIsNotReadAndARecordTakesItsPlace() throws IOException {
    image();
    Path outside = Files.createTempFile("outside", ".json");
    Files.createSymbolicLink(record(), outside);

    RecoverableVolume planned = recover(false);

    assertThat(planned.getAction()).isEqualTo(Action.ADOPT);
    assertThat(planned.getNote()).isEqualTo(NOT_READ + "; " + MADE_UP);
    assertThat(recover(true).getDone()).isTrue();
    assertThat(Files.isRegularFile(record(), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(outside).isEmptyFile();
    Files.delete(outside);
  }

  @Test
  void saysEachReasonByItself() {
    Shell.ok("btrfs", "subvolume", "create", aside().toString());
    try {
      RecoverableVolume planned = recover(false);

      assertThat(planned.getAction()).isEqualTo(Action.LEAVE);
      assertThat(planned.getNote())
          .isEqualTo(
              "it has no record; it is in no quota group of its own, so no limit would hold");
    } finally {
      Shell.ok("btrfs", "subvolume", "delete", aside().toString());
    }
  }

  @Test
  void leavesAMemoryVolumeOfASizeThatNoneCanHave() throws IOException {
    for (long size : new long[] {Long.MAX_VALUE, 16L << 40}) {
      Files.writeString(record(), recorded(ProviderName.MEMORY, size).text());
      try {
        RecoverableVolume planned = recover(false);

        assertThat(planned.getAction()).isEqualTo(Action.LEAVE);
        assertThat(planned.getNote())
            .contains(size == Long.MAX_VALUE ? "size_bytes" : "joblet.memory.budget");
      } finally {
        Files.delete(record());
      }
    }
  }

  @Test
  void aSubvolumeWhoseGroupIsLostGetsOneOfTheSizeOfItsRecord() throws IOException {
    Path inner = aside().resolve("inner");
    Shell.ok("btrfs", "subvolume", "create", aside().toString());
    Shell.ok("btrfs", "subvolume", "create", inner.toString());
    Files.writeString(record(), recorded(ProviderName.BTRFS, 16 * MIB).text());

    RecoverableVolume planned = recover(false);

    assertThat(planned.getAction()).isEqualTo(Action.ADOPT);
    assertThat(planned.getSizeBytes()).isEqualTo(16 * MIB);
    assertThat(planned.getNote()).contains("counts only what is written from now on");
    RecoverableVolume done = recover(true);
    assertThat(done.getError()).isEmpty();
    assertThat(done.getDone()).isTrue();
    assertThat(findings()).isEmpty();
    Path much = Path.of(config.volumesDirectory(), id.toString(), "inner/much");
    assertThatThrownBy(() -> Files.write(much, new byte[(int) (32 * MIB)]))
        .hasMessageContaining("Disk quota exceeded");
    Files.delete(much);
  }

  /** Another time it can, and says the name. */
  @Test
  void leavesAVolumeWhoseRecordCannotBeReadNow() throws IOException {
    image();
    String recorded = recorded(ProviderName.LOOP, 16 * MIB).text();
    Files.writeString(record(), recorded);
    Shell.ok("mount", "--bind", "/dev/null", record().toString());
    try {
      RecoverableVolume planned = recover(true);

      assertThat(planned.getAction()).isEqualTo(Action.LEAVE);
      assertThat(planned.getNote()).startsWith("its record cannot be read (");
    } finally {
      Shell.ok("umount", record().toString());
    }
    assertThat(record()).hasContent(recorded.strip());
    assertThat(recover(true).getDone()).isTrue();
    assertThat(record()).hasContent(recorded.strip());
  }

  @Test
  void keepsARecordThatCannotBeUsed() throws IOException {
    image();
    Path kept = aside().resolveSibling(id + ".json");
    Files.writeString(kept, "kept before");
    String newer =
        recorded(ProviderName.LOOP, 16 * MIB).text().replace("joblet-volume 1", "joblet-volume 2");
    Files.writeString(record(), newer);
    Path second = aside().resolveSibling(id + ".json.2");
    try {
      assertThat(recover(false).getNote())
          .endsWith("its record is kept as .quarantine/" + id + ".json.2");
      assertThat(admin.recover(RecoverRequest.newBuilder().setCarryOut(true).build()))
          .satisfies(done ->
              assertThat(done.getVolumesList())
                  .extracting(RecoverableVolume::getDone)
                  .containsExactly(true, false));
      assertThat(second).hasContent(newer.strip());
      assertThat(kept).hasContent("kept before");
      assertThat(record()).content().startsWith("joblet-volume 1");
      assertThat(admin.recover(RecoverRequest.getDefaultInstance()).getVolumesList())
          .extracting(RecoverableVolume::getNote)
          .containsOnly("a record that could not be used; it is kept for people to read");
    } finally {
      Files.delete(kept);
      Files.delete(second);
    }
  }

  @Test
  void whoseAVolumeWithoutARecordIsComesFromItsTopDirectory() {
    String pool = config.volumesDirectory();
    Shell.ok("btrfs", "qgroup", "create", "1/999", pool);
    Shell.ok("btrfs", "qgroup", "limit", "16M", "1/999", pool);
    Shell.ok("btrfs", "subvolume", "create", "-i", "1/999", aside().toString());
    Shell.ok("chown", "1000:1001", aside().toString());
    Shell.ok("chmod", "2750", aside().toString());

    assertThat(recover(false).getNote()).isEqualTo("it has no record; " + MADE_UP);
    assertThat(recover(true).getDone()).isTrue();

    Volume volume = get(id.toString());
    assertThat(volume.getUid()).isEqualTo(1000);
    assertThat(volume.getGid()).isEqualTo(1001);
    assertThat(volume.getMode()).isEqualTo(0750);
  }

  @Test
  void whoseAnImageIsWithoutARecordComesFromTheTopDirectoryInIt() {
    image();

    assertThat(recover(true).getDone()).isTrue();

    Volume volume = get(id.toString());
    assertThat(volume.getUid()).isEqualTo(100_000);
    assertThat(volume.getGid()).isEqualTo(100_001);
    assertThat(volume.getMode()).isEqualTo(0755);
  }

  /** As after somebody has carried it from one pool to another: its row is one, and not ours. */
  @Test
  void leavesTheVolumeOfAnotherNode() {
    create("data");
    UUID other = UUID.randomUUID();
    rows.change(
        "insert into node (id, name, boot_id, incarnation, version, started_at, row_version)"
            + " values (?, 'other', '', ?, '', now(), 0)",
        other,
        other);
    String own = rows.query("select node_id from volume").getFirst();
    rows.change("update volume set node_id = ?", other);
    try {
      RecoverableVolume planned = recover(false);

      assertThat(planned.getAction()).isEqualTo(Action.LEAVE);
      assertThat(planned.getNote()).isEqualTo("its row is that of node 'other'");
    } finally {
      rows.change("update volume set node_id = ?::uuid", own);
      rows.change("delete from node where id = ?", other);
    }
  }

  @Test
  void tellsAPlanOfBeforeFromWhatIsNone() {
    assertThatThrownBy(() -> recover("foo"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("INVALID_ARGUMENT: plan: ");
    assertThatThrownBy(() -> recover(UUID.randomUUID().toString()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageStartingWith("ABORTED: plan: ");
  }

  private void recover(String plan) {
    var done = admin.recover(RecoverRequest.newBuilder().setCarryOut(true).setPlan(plan).build());
    assertThat(done).isNull();
  }

  private RecoverableVolume recover(boolean carryOut) {
    return admin.recover(RecoverRequest.newBuilder().setCarryOut(carryOut).build()).getVolumes(0);
  }

  /** What the row of that volume would have said. */
  private VolumeRecord recorded(ProviderName provider, long sizeBytes) {
    VolumeRecord record = VolumeRecord.nameless(id, provider, "root");
    record.volume().name = "data";
    record.volume().sizeBytes = sizeBytes;
    record.volume().qgroup = provider == ProviderName.BTRFS ? 300L : null;
    if (provider == ProviderName.MEMORY) {
      record.volume().type = VolumeType.MEMORY;
    }
    return record;
  }

  private void image() {
    Path image = aside().resolveSibling(id + ".ext4");
    Shell.ok("truncate", "-s", "16M", image.toString());
    Shell.ok("mkfs.ext4", "-q", "-E", "root_owner=100000:100001", image.toString());
  }

  /** Where its data was set aside. */
  private Path aside() {
    return Path.of(config.volumesDirectory(), ".quarantine", id.toString());
  }

  private Path record() {
    return Path.of(config.volumesDirectory(), ".records", id + ".json");
  }
}
