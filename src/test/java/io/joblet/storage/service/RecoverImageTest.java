package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.RecoverableVolume.Action;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is taken for the image of a volume whose row was lost. */
@QuarkusTest
class RecoverImageTest extends ServiceTest {
  private final Deque<Path> placed = new ArrayDeque<>();

  @AfterEach
  void takeAway() throws IOException {
    for (Path path : placed) {
      Files.deleteIfExists(path);
    }
  }

  private Path image(long size) {
    String name = UUID.randomUUID() + ".ext4";
    Path image = Path.of(config.volumesDirectory(), ".images", name);
    placed.push(image);
    Shell.ok("truncate", "-s", Long.toString(size), image.toString());
    return image;
  }

  private RecoverableVolume planned(Path image) {
    return admin.recover(RecoverRequest.getDefaultInstance()).getVolumesList().stream()
        .filter(v -> v.getPlace().equals(".images/" + image.getFileName()))
        .findAny()
        .orElseThrow();
  }

  @Test
  void adoptsAnImage() {
    Path image = image(16 * MIB);
    Shell.ok("mkfs.ext4", "-q", image.toString());

    RecoverableVolume planned = planned(image);

    assertThat(planned.getAction()).isEqualTo(Action.ADOPT);
    assertThat(planned.getSizeBytes()).isEqualTo(16 * MIB);
  }

  @Test
  void leavesAFileThatIsNoImage() {
    for (long size : new long[] {0, 100, 16 * MIB}) {
      RecoverableVolume planned = planned(image(size));

      assertThat(planned.getAction()).isEqualTo(Action.LEAVE);
      assertThat(planned.getNote()).isEqualTo("it has no record; there is no ext4 in it");
    }
  }

  @Test
  void leavesAnImageThatIsSmallerThanAnyVolume() {
    Path image = image(MIB / 2);
    Shell.ok("mkfs.ext4", "-q", "-O", "^has_journal", image.toString());

    RecoverableVolume planned = planned(image);

    assertThat(planned.getAction()).isEqualTo(Action.LEAVE);
    assertThat(planned.getNote()).contains("smaller than any volume");
  }
}
