package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A plain directory on a btrfs, in which its owner can make subvolumes. */
class NestedTreePurgeTest extends TreeToPurge {
  private static final String DOWN_40_LEVELS =
      "for i in $(seq 40); do mkdir d && cd -P d || exit 1; done; ";

  NestedTreePurgeTest() {
    super("btrfs");
  }

  private void isPurged() {
    host.apply(purge);
    assertThat(top).doesNotExist();
    assertThat(Shell.ok("btrfs", "subvolume", "list", fixture.settings().volumesDirectory() + ""))
        .doesNotContain("tree");
  }

  @Test
  void deletesReadOnlySubvolumes() {
    in("btrfs subvolume create a && touch a/f && btrfs subvolume create a/b && touch a/b/f");
    in("btrfs property set a/b ro true && btrfs property set a ro true");
    isPurged();
  }

  @Test
  void deletesSubvolumesDeepInDirectoriesAndDirectoriesDeepInSubvolumes() {
    in(
        DOWN_40_LEVELS
            + "btrfs subvolume create s && cd s && touch f; "
            + DOWN_40_LEVELS
            + "btrfs subvolume create s && touch s/f && btrfs property set s ro true");
    isPurged();
  }

  @Test
  void deletesManyLevelsOfSubvolumes() {
    in("for i in $(seq 100); do btrfs -q subvolume create s && cd -P s && touch f || exit 1; done");
    isPurged();
  }

  @Test
  void deletesASubvolumeThatIsImmutableInADirectoryThatIsToo() {
    in("mkdir d && btrfs subvolume create d/a && mkdir d/a/b && touch d/a/b/f");
    in("chattr +i d/a/b d/a d");
    isPurged();
  }

  @Test
  void leavesAMountInANestedSubvolumeAloneAndNamesIt() throws Exception {
    Path precious = Files.createDirectory(fixture.real(fixture.volume("precious")));
    Files.writeString(precious.resolve("file"), "kept");
    in("btrfs subvolume create a && mkdir a/bound");
    Shell.ok("mount", "--bind", precious.toString(), top + "/a/bound");

    assertThatThrownBy(() -> host.apply(purge))
        .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.busy()).isTrue())
        .hasMessageContaining("bound");
    assertThat(precious.resolve("file")).hasContent("kept");
  }
}
