package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.MountEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final String CAPTURED =
      """
      27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
      42 27 0:39 / /srv/volumes rw,nosuid,nodev,noatime shared:5 master:2 - btrfs /dev/loop0 rw,subvolid=5,subvol=/
      44 42 0:41 / /srv/volumes/a\\040b\\011c\\012d\\134e rw - tmpfs none rw,size=1024k
      45 42 0:42 /sub\\040vol /srv/volumesX ro - btrfs /dev/my\\040disk rw
      """;

  private final List<MountEntry> entries = MountTable.parse(CAPTURED);

  @Test
  void readsNamesThatAreNoText() {
    try (HostFixture fixture = HostFixture.open("directory")) {
      String directory = fixture.directory() + "/$(printf 'not\\377text')";
      Shell.ok(
          "sh", "-c", "mkdir \"" + directory + "\" && mount -t tmpfs none \"" + directory + "\"");
      try {
        assertThat(MountTable.read())
            .anyMatch(m -> m.target().equals(fixture.directory() + "/not\uFFFDtext"));
      } finally {
        Shell.ok("sh", "-c", "umount \"" + directory + "\"");
      }
    }
  }

  @Test
  void readsEveryFieldOfALineWithOptionalFields() {
    MountEntry entry = entries.get(1);

    assertThat(entry.mountId()).isEqualTo(42);
    assertThat(entry.parentId()).isEqualTo(27);
    assertThat(entry.device()).isEqualTo("0:39");
    assertThat(entry.root()).isEqualTo("/");
    assertThat(entry.target()).isEqualTo("/srv/volumes");
    assertThat(entry.options()).containsExactlyInAnyOrder("rw", "nosuid", "nodev", "noatime");
    assertThat(entry.propagation()).containsExactlyInAnyOrder("shared:5", "master:2");
    assertThat(entry.type()).isEqualTo("btrfs");
    assertThat(entry.source()).isEqualTo("/dev/loop0");
    assertThat(entry.superOptions()).contains("subvolid=5");
  }

  @Test
  void decodesSpaceTabNewlineAndBackslash() {
    assertThat(entries.get(2).target()).isEqualTo("/srv/volumes/a b\tc\nd\\e");
    assertThat(entries.get(3).root()).isEqualTo("/sub vol");
    assertThat(entries.get(3).source()).isEqualTo("/dev/my disk");
  }

  @Test
  void decodesEscapedBytesInsideUtf8AndLeavesOtherBackslashesAlone() {
    assertThat(MountTable.unescape("\\303\\244\\040\u00e4")).isEqualTo("\u00e4 \u00e4");
    assertThat(MountTable.unescape("a\\9b\\04")).isEqualTo("a\\9b\\04");
  }

  @Test
  void takesAPathBelowForOneThatBeginsWithTheSameComponentOnly() {
    assertThat(MountTable.below(entries, "/srv/volumes"))
        .extracting(MountEntry::mountId)
        .containsExactly(42L, 44L);
  }

  @Test
  void refusesWhatIsNoLineOfMountinfo() {
    assertThatThrownBy(() -> MountTable.parse("27 1 254:0 / / rw,relatime ext4"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mountinfo");
  }

  @Test
  void readsTheKernelsOwnTable() {
    assertThat(MountTable.read()).extracting(MountEntry::target).contains("/", "/proc");
  }
}
