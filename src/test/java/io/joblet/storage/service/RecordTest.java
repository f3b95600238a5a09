package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.ShareVolumeRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.volume.VolumeRecord;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a row says is beside the data too, from the first moment to the last. */
@QuarkusTest
class RecordTest extends RemoteTest {
  private Path path(Volume volume) {
    return Path.of(config.volumesDirectory(), ".records", volume.getId() + ".json");
  }

  private VolumeRecord record(Volume volume) throws IOException {
    return VolumeRecord.parse(UUID.fromString(volume.getId()), Files.readAllBytes(path(volume)));
  }

  @Test
  void followsEveryChangeOfTheRow() throws IOException {
    Volume data = create(wanted("data").putLabels("a", "1").setUid(7).setMode(0750));
    assertThat(record(data).volume().labels).containsEntry("a", "1");
    assertThat(record(data).volume().uid).isEqualTo(7);

    volumes.updateVolume(
        UpdateVolumeRequest.newBuilder()
            .setVolume("data")
            .putLabels("a", "2")
            .setUpdateMask(FieldMask.newBuilder().addPaths("labels"))
            .build());
    assertThat(record(data).volume().labels).containsEntry("a", "2");

    volumes.updateVolume(
        UpdateVolumeRequest.newBuilder()
            .setVolume("data")
            .setSizeBytes(32 * MIB)
            .setUpdateMask(FieldMask.newBuilder().addPaths("size_bytes"))
            .build());
    assertThat(record(data).volume().sizeBytes).isEqualTo(32 * MIB);

    delete("data");
    volumes.undeleteVolume(
        UndeleteVolumeRequest.newBuilder().setVolume("data").setNewName("other").build());
    assertThat(record(data).volume().name).isEqualTo("other");
    assertThat(findings()).isEmpty();
  }

  @Test
  void hasWithWhomAVolumeIsShared() throws IOException {
    Remote erin = as("erin", "maintainer");
    Volume data = erin.volumes().createVolume(wantedInMemory("data").build()).getVolume();
    erin.access()
        .shareVolume(
            ShareVolumeRequest.newBuilder()
                .setVolume("data")
                .setWithOwner("frank")
                .setReadOnly(true)
                .build());

    assertThat(record(data).shares()).containsOnlyKeys("frank").containsValue(true);
    assertThat(record(data).volume().owner).isEqualTo("erin");
    assertThat(findings()).isEmpty();
  }

  @Test
  void goesWithTheVolumeWhateverIsInItsPlace() throws IOException {
    Volume data = create(wanted("data").setInodeLimit(64));
    assertThat(path(data)).exists();

    volumes.deleteVolume(DeleteVolumeRequest.newBuilder().setVolume("data").setPurge(true).build());

    assertThat(path(data)).doesNotExist();
  }

  /** Found by VolumeKillsIT: resize LOOP, ioctl#17 failing, killed at close#51. */
  @Test
  void leavesNothingOfAWriteThatWasKilledAndHadNothingNewToSay() throws IOException {
    Volume data = create("data");
    Path left = path(data).resolveSibling(data.getId() + ".json.unfinished");
    Files.writeString(left, "half");

    assertThat(fix()).extracting(Finding::getKind).containsExactly("unfinished-record");

    assertThat(left).doesNotExist();
    assertThat(findings()).isEmpty();
  }

  @Test
  void isWrittenAgainWhereItIsMissingDamagedOrALink() throws IOException {
    Volume missing = create("missing");
    Volume damaged = create("damaged");
    Volume link = create("link");
    Files.delete(path(missing));
    Files.writeString(path(damaged), "joblet-volume 1");
    Files.delete(path(link));
    Path outside = Files.createTempFile("outside", "");
    Files.createSymbolicLink(path(link), outside);
    try {
      assertThat(fix()).extracting(Finding::getKind).containsExactly("old-records");

      assertThat(record(missing).volume().name).isEqualTo("missing");
      assertThat(record(damaged).volume().name).isEqualTo("damaged");
      assertThat(record(link).volume().name).isEqualTo("link");
      assertThat(outside).isEmptyFile();
      assertThat(findings()).isEmpty();
    } finally {
      Files.delete(outside);
    }
  }
}
