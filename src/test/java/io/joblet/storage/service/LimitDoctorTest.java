package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.FieldMask;
import io.grpc.Status.Code;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the doctor finds of limits that do not hold, and of sizes. */
@QuarkusTest
class LimitDoctorTest extends ServiceTest {

  @Test
  void setsALimitThatSomebodyChanged() {
    create("data");
    String group = group();
    Shell.ok("btrfs", "qgroup", "limit", "1G", group, config.volumesDirectory());

    assertThat(only(findings()).getKind()).isEqualTo("limit-differs");
    assertThat(only(findings()).getMessage()).contains("1073741824");
    fixed("limit-differs");
  }

  /** It may be had back. */
  @Test
  void setsTheLimitOfWhatIsInTheTrash() {
    create("data");
    delete("data");
    String group = group();
    Shell.ok("btrfs", "qgroup", "limit", "1G", group, config.volumesDirectory());

    fixed("limit-differs");
  }

  /** As all are after {@code btrfs quota disable} and a start. */
  @Test
  void putsDataBackIntoItsQuotaGroupWithWhatIsNestedInIt() {
    createWithNested();
    String group = group();
    List<String> members = members(group);
    assertThat(members).hasSize(2);
    // The top by itself, and then all: who is killed in between leaves the top for the end.
    for (List<String> some : List.of(members.subList(0, 1), members)) {
      for (String member : some) {
        Shell.ok("btrfs", "qgroup", "remove", member, group, config.volumesDirectory());
      }

      assertThat(only(findings()).getKind()).isEqualTo("limit-without-data");
      fixed("limit-without-data");

      assertThat(members(group)).isEqualTo(members);
    }
  }

  @Test
  void takesDataOutOfAGroupThatSomebodyAdded() {
    createWithNested();
    String group = group();
    List<String> members = members(group);
    Shell.ok("btrfs", "qgroup", "create", "1/99999", config.volumesDirectory());
    try {
      for (String member : members) {
        Shell.ok("btrfs", "qgroup", "assign", member, "1/99999", config.volumesDirectory());
      }

      // The added group stays with whoever made it.
      assertThat(fix())
          .extracting(Finding::getKind, Finding::getFixed)
          .containsExactlyInAnyOrder(
              tuple("limit-without-data", true), tuple("unknown-qgroup", false));

      assertThat(only(findings()).getKind()).isEqualTo("unknown-qgroup");
      assertThat(members(group)).isEqualTo(members);
    } finally {
      Shell.ok("btrfs", "qgroup", "destroy", "1/99999", config.volumesDirectory());
    }
  }

  @Test
  void switchesQuotasOnAgainWhichSomebodyHasSwitchedOff() {
    Volume data = create("data");
    Shell.ok("btrfs", "quota", "disable", config.volumesDirectory());

    assertThat(volumes.listVolumes(ListVolumesRequest.getDefaultInstance()).getVolumesList())
        .extracting(Volume::getId)
        .containsExactly(data.getId());
    Refused refused = Refused.by(() -> create("more"));
    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains("switched off", "rnx volume doctor --fix");
    refused = Refused.by(() -> resize("data", 32 * MIB));
    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains("switched off", "rnx volume doctor --fix");
    assertThat(get("data").getStatus()).isEqualTo("available");
    assertThat(get("data").getSizeBytes()).isEqualTo(16 * MIB);
    assertThat(fix())
        .allMatch(Finding::getFixed)
        .extracting(Finding::getKind)
        .containsExactly("quotas-off", "limit-differs");

    assertFillsUp(data);
    create("more");
  }

  @Test
  void switchesQuotasOnWhereNoVolumeWantsThem() {
    Shell.ok("btrfs", "quota", "disable", config.volumesDirectory());
    assertThat(Refused.by(() -> create("data")).message()).contains("rnx volume doctor --fix");

    fixed("quotas-off");

    create("data");
  }

  /** They would count, and let an unprivileged user past the limit. */
  @Test
  void leavesPlainQuotasWithWhoeverSwitchedThemOn() {
    Volume data = create("data");
    Shell.ok("btrfs", "quota", "disable", config.volumesDirectory());
    Shell.ok("btrfs", "quota", "enable", config.volumesDirectory());
    try {
      for (Refused refused :
          List.of(Refused.by(() -> create("more")), Refused.by(() -> resize("data", 32 * MIB)))) {
        assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(refused.message()).contains("btrfs quota disable");
      }
      Finding found = only(fix());
      assertThat(found.getKind()).isEqualTo("quotas-off");
      assertThat(found.getRemedy()).isEmpty();
      assertThat(found.getMessage()).contains("btrfs quota disable");
    } finally {
      Shell.ok("btrfs", "quota", "disable", config.volumesDirectory());
    }

    assertThat(fix()).hasSize(2).allMatch(Finding::getFixed);
    assertThat(findings()).isEmpty();
    assertFillsUp(data);
  }

  private static void assertFillsUp(Volume volume) {
    String full = volume.getPath() + "/full";
    assertThat(Shell.run("dd", "if=/dev/zero", "of=" + full, "bs=1M", "count=17").output())
        .contains("quota exceeded");
  }

  private void resize(String volume, long sizeBytes) {
    volumes.updateVolume(
        UpdateVolumeRequest.newBuilder()
            .setVolume(volume)
            .setSizeBytes(sizeBytes)
            .setUpdateMask(FieldMask.newBuilder().addPaths("size_bytes"))
            .build());
  }

  /** Two subvolumes, one in the other. */
  private void createWithNested() {
    Shell.ok("btrfs", "subvolume", "create", create("data").getPath() + "/nested");
  }

  /** Of the only volume. */
  private String group() {
    return "1/" + rows.query("select qgroup from volume").getFirst();
  }

  private List<String> members(String group) {
    return Shell.ok("btrfs", "qgroup", "show", "-c", config.volumesDirectory())
        .lines()
        .filter(line -> line.startsWith(group + " "))
        .flatMap(line -> Stream.of(line.strip().split("\\s+")[3].split(",")))
        .toList();
  }

  /** As after the return of an older database; the image is what holds. */
  @Test
  void saysThatAnImageIsLargerThanItsRow() {
    Volume image = create(wanted("image").setInodeLimit(64));
    Path file = Path.of(config.volumesDirectory(), ".images", image.getId() + ".ext4");
    Shell.ok("truncate", "-s", "32M", file.toString());

    assertThat(fix())
        .anySatisfy(found -> {
          assertThat(found.getKind()).isEqualTo("size-differs");
          assertThat(found.getMessage()).contains("33554432", "16777216", "resize the volume");
          assertThat(found.getRemedy()).isEmpty();
        });

    resize("image", 32 * MIB);
    assertThat(findings()).isEmpty();
    assertThat(get("image").getSizeBytes()).isEqualTo(32 * MIB);
  }

  @Test
  void saysThatAnImageIsShorterThanItsRowAndLeavesIt() throws IOException {
    Volume image = create(wanted("image").setInodeLimit(64));
    Path file = Path.of(config.volumesDirectory(), ".images", image.getId() + ".ext4");
    Files.write(file, new byte[0]);

    assertThat(fix())
        .anySatisfy(found -> {
          assertThat(found.getKind()).isEqualTo("size-differs");
          assertThat(found.getMessage()).contains("has 0 bytes", "may be damaged");
        })
        .extracting(Finding::getKind)
        .containsExactlyInAnyOrder("size-differs", "other-data");
    assertThat(get("image").getSizeBytes()).isEqualTo(16 * MIB);
  }
}
