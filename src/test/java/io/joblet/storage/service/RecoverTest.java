package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.RecoverableVolume.Action;
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

  @Test
  void aLinkInTheRecordsPlaceIsNotReadAndARecordTakesItsPlace() throws IOException {
    UUID id = UUID.randomUUID();
    Path image = quarantine().resolve(id + ".ext4");
    Path record = record(id);
    Path outside = Files.createTempFile("outside", ".json");
    Shell.ok("truncate", "-s", "16M", image.toString());
    Shell.ok("mkfs.ext4", "-q", image.toString());
    Files.createSymbolicLink(record, outside);

    RecoverableVolume planned = recover(false);

    assertThat(planned.getAction()).isEqualTo(Action.ADOPT);
    assertThat(planned.getNote()).isEqualTo(NOT_READ + "; owner and name are made up");
    assertThat(recover(true).getDone()).isTrue();
    assertThat(Files.isRegularFile(record, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(outside).isEmptyFile();
    Files.delete(outside);
  }

  @Test
  void saysEachReasonByItself() throws IOException {
    UUID id = UUID.randomUUID();
    Path subvolume = quarantine().resolve(id.toString());
    Shell.ok("btrfs", "subvolume", "create", subvolume.toString());
    try {
      RecoverableVolume planned = recover(false);

      assertThat(planned.getAction()).isEqualTo(Action.LEAVE);
      assertThat(planned.getNote())
          .isEqualTo(
              "it has no record; it is in no quota group of its own, so no limit would hold");
    } finally {
      Shell.ok("btrfs", "subvolume", "delete", subvolume.toString());
    }
  }

  private RecoverableVolume recover(boolean carryOut) {
    return admin.recover(RecoverRequest.newBuilder().setCarryOut(carryOut).build()).getVolumes(0);
  }

  private Path quarantine() {
    return Path.of(config.volumesDirectory(), ".quarantine");
  }

  private Path record(UUID id) {
    return Path.of(config.volumesDirectory(), ".records", id + ".json");
  }
}
