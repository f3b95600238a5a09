package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.LimitQgroup;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeQgroup;
import io.joblet.storage.host.HostOperation.MakeSubvolume;
import io.joblet.storage.host.HostOperation.Move;
import io.joblet.storage.host.HostOperation.PurgeSubvolume;
import io.joblet.storage.host.HostOperation.RemoveQgroup;
import io.joblet.storage.host.HostOperation.SetOwnership;
import io.joblet.storage.host.HostOperation.Sync;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BtrfsVolumeTest {
  private static final long LIMIT = 16L << 20;
  private static final long GROUP = 41;

  private final HostFixture fixture = HostFixture.open();
  private final LinuxHost host = fixture.host();
  private final ManagedPath volume = fixture.volume("v");

  @AfterEach
  void close() {
    fixture.close();
  }

  private void makeVolume() {
    host.apply(new MakeQgroup(GROUP, LIMIT));
    host.apply(new MakeSubvolume(volume, GROUP));
    host.apply(new SetOwnership(volume, 65534, 65534, 0700));
    fixture.letOthersThrough();
  }

  private Shell.Result write(String file, int mebibytes) {
    return Shell.asNobody(
        "cd "
            + fixture.real(volume)
            + " && dd if=/dev/zero of="
            + file
            + " bs=1M count="
            + mebibytes);
  }

  @Test
  void opensWithAPoolAndSaysSo() {
    assertThat(host.capabilities().btrfsPool()).isTrue();
    assertThat(host.capabilities().reason()).isEmpty();
    assertThat(host.list(ManagedRoot.VOLUMES, ""))
        .containsExactlyInAnyOrder(".images", ".trash", ".quarantine", ".records");
  }

  @Test
  void makesAGroupTwiceAndRemovesItTwice() {
    MakeQgroup make = new MakeQgroup(GROUP, LIMIT);
    host.apply(make);
    host.apply(make);
    assertThat(host.qgroups()).containsExactly(new Qgroup(GROUP, LIMIT, 0));
    host.undo(make);
    host.undo(make);
    assertThat(host.qgroups()).isEmpty();
    assertThat(host.qgroup(GROUP)).isEmpty();
  }

  @Test
  void changesALimitAndTakesTheChangeBack() {
    host.apply(new MakeQgroup(GROUP, LIMIT));
    LimitQgroup larger = new LimitQgroup(GROUP, 2 * LIMIT, LIMIT);
    host.apply(larger);
    host.apply(larger);
    assertThat(host.qgroup(GROUP)).get().extracting(Qgroup::limitBytes).isEqualTo(2 * LIMIT);
    host.undo(larger);
    assertThat(host.qgroup(GROUP)).get().extracting(Qgroup::limitBytes).isEqualTo(LIMIT);
  }

  @Test
  void refusesToLimitAGroupThatDoesNotExist() {
    assertThatThrownBy(() -> host.apply(new LimitQgroup(GROUP, LIMIT, LIMIT)))
        .isInstanceOfSatisfying(
            HostException.class, e -> assertThat(e.errno()).isEqualTo("EOPNOTSUPP"));
  }

  @Test
  void makesASubvolumeTwiceAndRemovesItTwice() {
    MakeSubvolume make = new MakeSubvolume(volume, GROUP);
    host.apply(new MakeQgroup(GROUP, LIMIT));
    host.apply(make);
    host.apply(make);
    assertThat(host.isSubvolume(volume)).isTrue();
    host.undo(make);
    host.undo(make);
    assertThat(host.exists(volume)).isFalse();
  }

  @Test
  void refusesAnExistingSubvolumeOfAnotherGroup() {
    host.apply(new MakeQgroup(GROUP, LIMIT));
    host.apply(new MakeQgroup(GROUP + 1, LIMIT));
    host.apply(new MakeSubvolume(volume, GROUP));
    assertThatThrownBy(() -> host.apply(new MakeSubvolume(volume, GROUP + 1)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("1/" + (GROUP + 1));
  }

  @Test
  void refusesAPlainDirectoryWhereASubvolumeShouldBe() {
    host.apply(new MakeQgroup(GROUP, LIMIT));
    host.apply(new MakeDirectory(volume, 0700));
    assertThatThrownBy(() -> host.apply(new MakeSubvolume(volume, GROUP)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("a directory that was not made for this");
    assertThatThrownBy(() -> host.apply(new PurgeSubvolume(volume)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("left alone");
    assertThat(host.exists(volume)).isTrue();
  }

  @Test
  void holdsAnUnprivilegedWriterToTheLimit() {
    makeVolume();
    Shell.Result within = write("small", 8);
    Shell.Result beyond = write("large", 64);
    assertThat(within.exit()).as(within.output()).isZero();
    assertThat(beyond.exit()).isNotZero();
    assertThat(beyond.output()).contains("Disk quota exceeded");
    assertThat(host.qgroup(GROUP).orElseThrow().referencedBytes()).isBetween(8L << 20, LIMIT);
  }

  @Test
  void holdsAnUnprivilegedWriterToTheLimitThroughANestedSubvolume() {
    makeVolume();
    Shell.ok(
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        "btrfs",
        "subvolume",
        "create",
        fixture.real(volume).resolve("nested").toString());
    Shell.Result beyond = write("nested/large", 64);
    assertThat(beyond.exit()).isNotZero();
    assertThat(beyond.output()).contains("Disk quota exceeded");
    assertThat(host.qgroup(GROUP).orElseThrow().referencedBytes()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void purgesAFullVolumeWithNestedSubvolumesAndItsGroup() {
    makeVolume();
    String top = fixture.real(volume).toString();
    Shell.Result nest =
        Shell.asNobody(
            "cd "
                + top
                + " && for i in 1 2 3; do btrfs subvolume create n && cd n || exit 1; done");
    assertThat(nest.exit()).as(nest.output()).isZero();
    assertThat(write("n/n/n/large", 64).output()).contains("Disk quota exceeded");
    ManagedPath trashed = fixture.volume(".trash/v");
    host.apply(new Move(volume, trashed));

    host.apply(new PurgeSubvolume(trashed));
    host.apply(new PurgeSubvolume(trashed));
    host.apply(new RemoveQgroup(GROUP));
    host.apply(new RemoveQgroup(GROUP));

    assertThat(host.exists(trashed)).isFalse();
    assertThat(host.qgroups()).isEmpty();
    assertThat(Shell.ok("btrfs", "subvolume", "list", fixture.settings().volumesDirectory() + ""))
        .isEmpty();
  }

  @Test
  void removesAGroupThatStillHasItsVolume() {
    makeVolume();
    host.apply(new RemoveQgroup(GROUP));
    host.apply(new PurgeSubvolume(volume));
    assertThat(host.qgroups()).isEmpty();
    assertThat(host.exists(volume)).isFalse();
  }

  @Test
  void purgesASubvolumeThatWasMadeImmutable() {
    makeVolume();
    Shell.ok("chattr", "+i", fixture.real(volume).toString());
    long used = host.qgroup(GROUP).orElseThrow().referencedBytes();
    host.apply(new LimitQgroup(GROUP, used, LIMIT));
    host.apply(new PurgeSubvolume(volume));
    assertThat(host.exists(volume)).isFalse();
  }

  /** Any owner can do that who is not behind the filter of jobs. */
  @Test
  void movesAndPurgesSubvolumesThatTheirOwnerMadeReadOnly() {
    makeVolume();
    nestProtected("btrfs property set -ts . ro true");
    // Full, to the last byte: to make one writable takes room in it.
    long used = host.qgroup(GROUP).orElseThrow().referencedBytes();
    host.apply(new LimitQgroup(GROUP, used, LIMIT));
    Move move = new Move(volume, fixture.volume(".trash/v"));
    host.apply(move);
    host.undo(move);
    assertThat(Shell.ok("btrfs", "property", "get", "-ts", fixture.real(volume).toString(), "ro"))
        .contains("ro=true");
    assertThat(host.qgroup(GROUP).orElseThrow().limitBytes()).isEqualTo(used);
    host.apply(move);

    host.apply(new PurgeSubvolume(fixture.volume(".trash/v")));

    assertThat(Shell.ok("btrfs", "subvolume", "list", fixture.settings().volumesDirectory() + ""))
        .isEmpty();
  }

  @Test
  void purgesWhatIsNestedInImmutableDirectories() {
    makeVolume();
    nestProtected("true");
    Shell.ok("chattr", "-R", "+i", fixture.real(volume).toString());
    Shell.ok("btrfs", "property", "set", "-ts", fixture.real(volume).toString(), "ro", "true");

    host.apply(new PurgeSubvolume(volume));

    assertThat(Shell.ok("btrfs", "subvolume", "list", fixture.settings().volumesDirectory() + ""))
        .isEmpty();
  }

  /** Subvolumes in each other and in directories, and the command in each, the innermost first. */
  private void nestProtected(String command) {
    Shell.Result nest =
        Shell.asNobody(
            "cd "
                + fixture.real(volume)
                + " && for i in 1 2 3; do mkdir d && btrfs subvolume create d/n && cd d/n || exit 1;"
                + " done && for i in 1 2 3 4; do "
                + command
                + " && cd ../.. || exit 1; done");
    assertThat(nest.exit()).as(nest.output()).isZero();
  }

  @Test
  void neverPurgesASubvolumeWithAMountInsideAndKeepsItsData() throws Exception {
    makeVolume();
    var inside = Files.createDirectory(fixture.real(volume).resolve("inside"));
    var precious = Files.createDirectory(fixture.directory().resolve("precious"));
    Files.writeString(precious.resolve("file"), "kept");
    Shell.ok("mount", "--bind", precious.toString(), inside.toString());

    assertThatThrownBy(() -> host.apply(new PurgeSubvolume(volume)))
        .isInstanceOfSatisfying(HostException.class, e -> assertThat(e.busy()).isTrue())
        .hasMessageContaining("inside");

    assertThat(inside.resolve("file")).hasContent("kept");
    assertThat(precious.resolve("file")).hasContent("kept");
  }

  @Test
  void movesOnceAndBackOnce() {
    makeVolume();
    Move move = new Move(volume, fixture.volume(".trash/v"));
    host.apply(move);
    host.apply(move);
    assertThat(host.list(ManagedRoot.VOLUMES, ".trash")).containsExactly("v");
    host.undo(move);
    host.undo(move);
    assertThat(host.exists(volume)).isTrue();
    assertThat(host.list(ManagedRoot.VOLUMES, ".trash")).isEmpty();
  }

  @Test
  void neverReplacesAnythingByAMove() {
    makeVolume();
    host.apply(new MakeDirectory(fixture.volume("other"), 0700));
    assertThatThrownBy(() -> host.apply(new Move(volume, fixture.volume("other"))))
        .isInstanceOfSatisfying(
            HostException.class, e -> assertThat(e.errno()).isEqualTo("EEXIST"));
    assertThat(host.isSubvolume(volume)).isTrue();
  }

  @Test
  void finishesACreationThatTheFormerLifeHalfDid() {
    host.apply(new MakeQgroup(GROUP, LIMIT));
    LinuxHost next = fixture.reopen();
    next.apply(new MakeQgroup(GROUP, LIMIT));
    next.apply(new MakeSubvolume(volume, GROUP));
    next = fixture.reopen();
    next.apply(new MakeSubvolume(volume, GROUP));
    next.apply(new Sync(ManagedRoot.VOLUMES));
    assertThat(next.isSubvolume(volume)).isTrue();
    assertThat(next.mounts()).hasSize(2);
  }

  @Test
  void listsManyGroupsInOrder() {
    for (int i = 1; i <= 3000; i++) {
      host.apply(new MakeQgroup(i, (long) i << 12));
    }
    assertThat(host.qgroups()).hasSize(3000);
    assertThat(host.qgroups().get(2999)).isEqualTo(new Qgroup(3000, 3000L << 12, 0));
  }
}
