package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import io.grpc.Status.Code;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Labels, protection, idle timeout and size. */
@QuarkusTest
class UpdateTest extends ServiceTest {

  @Test
  void changesWhatTheMaskNamesAndNothingElse() {
    create(wantedInMemory("cache").putLabels("a", "b"));

    Volume changed =
        update(
            change("cache", "protected", "idle_timeout")
                .setProtected(true)
                .setIdleTimeout(Duration.newBuilder().setSeconds(90))
                .setSizeBytes(5)
                .putLabels("not", "meant"));

    assertThat(changed.getProtected()).isTrue();
    assertThat(changed.getIdleTimeout().getSeconds()).isEqualTo(90);
    assertThat(changed.getLabelsMap()).containsOnlyKeys("a");
    assertThat(changed.getSizeBytes()).isEqualTo(MIB);
    assertThat(get("cache")).isEqualTo(changed.toBuilder().setUsedBytes(0).build());
  }

  @Test
  void replacesLabelsAndCanTakeTheTimeoutAway() {
    create(wantedInMemory("cache").putLabels("a", "b"));

    Volume changed = update(change("cache", "labels", "idle_timeout").putLabels("c", "d"));

    assertThat(changed.getLabelsMap()).containsOnlyKeys("c");
    assertThat(changed.hasIdleTimeout()).isFalse();
  }

  @Test
  void isRefusedWhenSomebodyElseChangedTheVolume() {
    Volume created = create("data");
    update(change("data", "protected"));
    update(change("data", "labels").putLabels("a", "b"));

    Refused refused =
        Refused.by(
            () -> update(change("data", "protected").setRowVersion(created.getRowVersion())));

    assertThat(refused.code()).isEqualTo(Code.ABORTED);
    assertThat(update(change("data", "protected").setRowVersion(get("data").getRowVersion())))
        .isNotNull();
  }

  @Test
  void shrinksOnlyAboveWhatIsUsed() {
    create("data");
    String path = attach("data", "job").getHostPath();
    Shell.ok("dd", "if=/dev/zero", "of=" + path + "/f", "bs=1M", "count=8", "conv=fsync");

    Refused refused =
        Refused.by(() -> volumes.updateVolume(VolumeLifeTest.resize("data", 4 * MIB)));
    Volume shrunk = volumes.updateVolume(VolumeLifeTest.resize("data", 12 * MIB)).getVolume();

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.kindInTheWay()).isEqualTo("USAGE");
    assertThat(shrunk.getSizeBytes()).isEqualTo(12 * MIB);
    assertThat(shrunk.getStatus()).isEqualTo("in_use");
    Shell.Result more =
        Shell.run("dd", "if=/dev/zero", "of=" + path + "/g", "bs=1M", "count=8", "conv=fsync");
    assertThat(more.output()).contains("Disk quota exceeded");
  }

  @Test
  void growsAnImageAndShrinksItWhenNobodyHasItAndWhatIsInItFits() {
    create(wanted("image").setInodeLimit(100));
    long before = blocks(attach("image", "job").getHostPath());
    detach("image", "job");

    Volume grown = volumes.updateVolume(VolumeLifeTest.resize("image", 24 * MIB)).getVolume();

    assertThat(grown.getProvider()).isEqualTo("loop");
    String path = attach("image", "job").getHostPath();
    assertThat(blocks(path)).isGreaterThan(before);
    Shell.ok("dd", "if=/dev/urandom", "of=" + path + "/f", "bs=1M", "count=14");
    String sum = Shell.ok("sha256sum", path + "/f");

    Refused held = Refused.by(() -> volumes.updateVolume(VolumeLifeTest.resize("image", 20 * MIB)));
    detach("image", "job");
    Refused full = Refused.by(() -> volumes.updateVolume(VolumeLifeTest.resize("image", 12 * MIB)));
    assertThat(get("image").getSizeBytes()).isEqualTo(24 * MIB);
    assertThat(get("image").getStatus()).isEqualTo("available");
    Volume shrunk = volumes.updateVolume(VolumeLifeTest.resize("image", 20 * MIB)).getVolume();

    assertThat(held.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(held.kindInTheWay()).isEqualTo("JOB");
    assertThat(full.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(full.kindInTheWay()).isEqualTo("USAGE");
    assertThat(shrunk.getSizeBytes()).isEqualTo(20 * MIB);
    assertThat(shrunk.getEnforcedBytes()).isEqualTo(20 * MIB);
    assertThat(attach("image", "job").getHostPath()).isEqualTo(path);
    assertThat(Shell.ok("sha256sum", path + "/f")).isEqualTo(sum);
  }

  /** The kernel lets an image in use grow only with CAP_SYS_RESOURCE. */
  @Test
  void growsAnImageInUseOrChangesNothingAndSaysWhy() throws IOException {
    Volume image = create(wanted("image").setInodeLimit(100));
    attach("image", "job");
    Path file = Path.of(config.volumesDirectory(), ".images", image.getId() + ".ext4");
    UpdateVolumeRequest request = VolumeLifeTest.resize("image", 24 * MIB);

    if (mayResize()) {
      assertThat(volumes.updateVolume(request).getVolume().getSizeBytes()).isEqualTo(24 * MIB);
      return;
    }
    Refused refused = Refused.by(() -> volumes.updateVolume(request));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.kindInTheWay()).isEqualTo("HOST");
    assertThat(refused.message()).contains("detach it first").contains("CAP_SYS_RESOURCE");
    assertThat(get("image").getSizeBytes()).isEqualTo(16 * MIB);
    assertThat(get("image").getStatus()).isEqualTo("in_use");
    assertThat(Files.size(file)).isEqualTo(16 * MIB);
    assertThat(rows.query("select outcome from host_operation order by id desc limit 1"))
        .containsExactly("UNDONE");
    detach("image", "job");
    assertThat(volumes.updateVolume(request).getVolume().getSizeBytes()).isEqualTo(24 * MIB);
    assertThat(Files.size(file)).isEqualTo(24 * MIB);
  }

  @Test
  void takesAGrowthBackWhoseImageIsDamagedOrGone() throws IOException {
    Volume image = create(wanted("image").setInodeLimit(100));
    Path file = image(image);
    Shell.ok("dd", "if=/dev/zero", "of=" + file, "bs=4096", "count=1", "conv=notrunc");

    Refused damaged =
        Refused.by(() -> volumes.updateVolume(VolumeLifeTest.resize("image", 24 * MIB)));

    assertThat(damaged.message()).contains("there is no ext4 in the image");
    assertThat(get("image").getStatus()).isEqualTo("available");
    assertThat(get("image").getSizeBytes()).isEqualTo(16 * MIB);
    assertThat(Files.size(file)).isEqualTo(16 * MIB);
    Files.delete(file);
    for (long size : java.util.List.of(24 * MIB, 12 * MIB)) {
      Refused gone = Refused.by(() -> volumes.updateVolume(VolumeLifeTest.resize("image", size)));
      assertThat(gone.message()).contains("ENOENT");
      assertThat(get("image").getStatus()).isEqualTo("available");
    }
    fix();
    assertThat(get("image").getStatus()).isEqualTo("lost");
  }

  /** One that a daemon before this one could not take back. */
  @Test
  void takesAGrowthBackThatWasBegunOnWhatIsDamagedNow() throws IOException {
    Volume image = create(wanted("image").setInodeLimit(100));
    String file = image(image).toString();
    Shell.ok("dd", "if=/dev/zero", "of=" + file, "bs=4096", "count=1", "conv=notrunc");
    Shell.ok("fallocate", "-l", "" + 24 * MIB, file);
    rows.change(
        "update volume set state = 'UPDATING', wanted_size_bytes = ?, reason = 'EIO on a Sunday'"
            + " where id = ?::uuid",
        24 * MIB,
        image.getId());

    Refused deletion = Refused.by(() -> delete("image"));
    Refused resize =
        Refused.by(() -> volumes.updateVolume(VolumeLifeTest.resize("image", 20 * MIB)));

    assertThat(deletion.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(deletion.message()).contains("UPDATING").contains("EIO on a Sunday");
    assertThat(resize.message()).contains("UPDATING").contains("EIO on a Sunday");
    assertThat(get("image").getStatus()).isEqualTo("updating");
    fix();
    assertThat(get("image").getStatus()).isEqualTo("available");
    assertThat(rows.query("select reason from volume where id = ?::uuid", image.getId()))
        .containsExactly("");
    delete("image");
  }

  private Path image(Volume volume) {
    return Path.of(config.volumesDirectory(), ".images", volume.getId() + ".ext4");
  }

  private static boolean mayResize() throws IOException {
    String effective =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("CapEff:"))
            .map(line -> line.substring("CapEff:".length()).strip())
            .findFirst()
            .orElseThrow();
    return (Long.parseUnsignedLong(effective, 16) >> 24 & 1) == 1;
  }

  @Test
  void givesBackWhatAFailedGrowthHadClaimed() {
    create(wantedInMemory("a"));
    Refused refused = Refused.by(() -> volumes.updateVolume(VolumeLifeTest.resize("a", 65 * MIB)));

    assertThat(refused.limit()).isEqualTo("joblet.memory.budget");
    assertThat(
            volumes.updateVolume(VolumeLifeTest.resize("a", 64 * MIB)).getVolume().getSizeBytes())
        .isEqualTo(64 * MIB);
  }

  private static long blocks(String path) {
    return Long.parseLong(Shell.ok("stat", "-f", "-c", "%b", path));
  }

  private Volume update(UpdateVolumeRequest.Builder request) {
    return volumes.updateVolume(request.build()).getVolume();
  }

  private static UpdateVolumeRequest.Builder change(String volume, String... paths) {
    return UpdateVolumeRequest.newBuilder()
        .setVolume(volume)
        .setUpdateMask(FieldMask.newBuilder().addAllPaths(java.util.List.of(paths)));
  }
}
