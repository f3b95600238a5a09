package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.RemoveFile;
import io.joblet.storage.host.HostOperation.SetOwnership;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinuxHostTest {
  private HostFixture fixture;

  @AfterEach
  void close() {
    if (fixture != null) {
      fixture.close();
    }
  }

  private HostFixture open(String provider) {
    fixture = HostFixture.open(provider);
    return fixture;
  }

  @Test
  void makesBothRootsPrivateMountsOfTheirOwn() {
    LinuxHost host = open("auto").host();
    assertThat(host.mounts())
        .extracting(MountEntry::target)
        .containsExactly(
            fixture.settings().volumesDirectory().toString(),
            fixture.settings().jobsDirectory().toString());
    assertThat(host.mounts()).allSatisfy(m -> assertThat(m.propagation()).isEmpty());
    assertThat(host.mounts().getFirst().options()).contains("nosuid", "nodev", "noatime");
    assertThat(host.mounts().getFirst().superOptions()).doesNotContain("discard", "discard=async");
    assertThat(Shell.ok("stat", "-c", "%a %u", fixture.settings().volumesDirectory().toString()))
        .isEqualTo("700 0");
    assertThat(Shell.ok("stat", "-c", "%a %u", fixture.settings().jobsDirectory().toString()))
        .isEqualTo("700 0");
  }

  @Test
  void adoptsWhatAFormerLifeMountedAndMountsNothingTwice() {
    open("auto");
    var before = fixture.host().mounts();
    LinuxHost next = fixture.reopen();
    assertThat(next.mounts()).isEqualTo(before);
    assertThat(next.capabilities().btrfsPool()).isTrue();
  }

  @Test
  void mountsTheSamePoolAgainAfterARelease() {
    open("auto").host().apply(new MakeDirectory(fixture.volume("kept"), 0700));
    fixture.host().release();
    assertThat(Files.exists(fixture.settings().volumesDirectory().resolve("kept"))).isFalse();
    LinuxHost next = fixture.reopen();
    assertThat(next.exists(fixture.volume("kept"))).isTrue();
  }

  @Test
  void releasesNothingWhileSomethingIsMountedBelow() {
    LinuxHost host = open("directory").host();
    host.apply(new MakeDirectory(fixture.volume("v"), 0700));
    host.apply(new MakeDirectory(fixture.job("j"), 0700));
    BindMount bind = new BindMount(fixture.volume("v"), fixture.job("j"), false);
    host.apply(bind);
    assertThatThrownBy(host::release)
        .isInstanceOf(HostException.class)
        .hasMessageContaining(fixture.real(fixture.job("j")).toString());
    assertThat(host.mounts()).hasSize(3);
    host.undo(bind);
    host.release();
    assertThat(MountTable.below(MountTable.read(), fixture.directory().toString())).isEmpty();
  }

  @Test
  void leavesMountsWhenItCloses() {
    open("auto").host().close();
    assertThat(MountTable.below(MountTable.read(), fixture.directory().toString())).hasSize(2);
  }

  @Test
  void startsOverWhereAFormerLifeLeftAHalfMadePoolImage() throws Exception {
    open("auto").host().release();
    Path image = fixture.settings().poolImage();
    Files.move(image, Path.of(image + ".unfinished"));
    try (var half = new java.io.RandomAccessFile(image + ".unfinished", "rw")) {
      half.setLength(1 << 20);
    }
    LinuxHost next = fixture.reopen();
    assertThat(next.capabilities().btrfsPool()).isTrue();
    assertThat(Files.size(image)).isEqualTo(HostFixture.POOL_BYTES);
    assertThat(Path.of(image + ".unfinished")).doesNotExist();
  }

  @Test
  void fallsBackAndSaysWhyWhereAPoolWouldHideWhatIsThere() {
    open("directory").host().apply(new MakeDirectory(fixture.volume("v"), 0700));
    fixture.host().release();
    LinuxHost next = fixture.reopenAs("auto");
    assertThat(next.capabilities().btrfsPool()).isFalse();
    assertThat(next.capabilities().reason()).contains("hide");
    assertThat(next.exists(fixture.volume("v"))).isTrue();
    assertThatThrownBy(() -> fixture.reopenAs("btrfs"))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("hide");
  }

  @Test
  void refusesAPoolImageThatIsNoFileSystemInsteadOfFallingBack() throws Exception {
    open("auto").host().release();
    Files.write(fixture.settings().poolImage(), new byte[1 << 20]);
    assertThatThrownBy(fixture::reopen).isInstanceOf(HostException.class);
  }

  @Test
  void usesADirectoryOnBtrfsInPlace() {
    open("btrfs");
    Path inside = fixture.settings().volumesDirectory().resolve("inner");
    LinuxHostSettings settings = fixture.settingsBelow(inside, "auto");
    try (LinuxHost inner = LinuxHost.open(settings)) {
      assertThat(inner.capabilities().btrfsPool()).isTrue();
      assertThat(settings.poolImage()).doesNotExist();
      inner.release();
    }
  }

  @Test
  void refusesPlainQuotaGroupsWithTheReason() {
    open("loop").host().release();
    Path image = fixture.settings().poolImage();
    Shell.ok("fallocate", "-l", "256M", image.toString());
    Shell.ok("mkfs.btrfs", "-q", image.toString());
    Shell.ok("rmdir", "--", fixture.settings().volumesDirectory() + "/.images");
    Shell.ok("mount", "-o", "loop", "" + image, "" + fixture.settings().volumesDirectory());
    Shell.ok("btrfs", "quota", "enable", fixture.settings().volumesDirectory().toString());
    LinuxHost next = fixture.reopenAs("auto");
    assertThat(next.capabilities().btrfsPool()).isFalse();
    assertThat(next.capabilities().reason()).contains("plain quota groups");
  }

  @Test
  void keepsItsInstallationAndRefusesAnother() {
    LinuxHost host = open("directory").host();
    UUID id = UUID.randomUUID();
    assertThat(host.installation()).isEmpty();
    host.markInstallation(id);
    host.markInstallation(id);
    assertThat(fixture.reopen().installation()).contains(id);
    assertThatThrownBy(() -> fixture.host().markInstallation(UUID.randomUUID()))
        .isInstanceOf(HostException.class)
        .hasMessageContaining(id.toString());
  }

  @Test
  void makesADirectoryWithItsModeWhateverTheUmaskAndRemovesItOnlyEmpty() throws Exception {
    LinuxHost host = open("directory").host();
    MakeDirectory make = new MakeDirectory(fixture.job("j"), 0777);
    host.apply(make);
    Shell.ok("chmod", "700", fixture.real(fixture.job("j")).toString());
    host.apply(make);
    assertThat(Shell.ok("stat", "-c", "%a", fixture.real(fixture.job("j")).toString()))
        .isEqualTo("777");
    Files.createFile(fixture.real(fixture.job("j")).resolve("f"));
    host.undo(make);
    assertThat(host.exists(fixture.job("j"))).isTrue();
    Files.delete(fixture.real(fixture.job("j")).resolve("f"));
    host.undo(make);
    host.undo(make);
    assertThat(host.exists(fixture.job("j"))).isFalse();
  }

  @Test
  void setsOwnerAndSpecialBitsTogether() {
    LinuxHost host = open("directory").host();
    host.apply(new MakeDirectory(fixture.volume("v"), 0700));
    SetOwnership own = new SetOwnership(fixture.volume("v"), 1000, 1001, 02770);
    host.apply(own);
    host.apply(own);
    assertThat(Shell.ok("stat", "-c", "%u:%g %a", fixture.real(fixture.volume("v")).toString()))
        .isEqualTo("1000:1001 2770");
  }

  @Test
  void removesAFileAndNothingElse() throws Exception {
    LinuxHost host = open("directory").host();
    Files.createFile(fixture.real(fixture.volume("f")));
    host.apply(new MakeDirectory(fixture.volume("d"), 0700));
    host.apply(new RemoveFile(fixture.volume("f")));
    host.apply(new RemoveFile(fixture.volume("f")));
    host.apply(new RemoveFile(fixture.volume("no/where")));
    assertThatThrownBy(() -> host.apply(new RemoveFile(fixture.volume("d"))))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("left alone");
    assertThat(host.list(ManagedRoot.VOLUMES, "")).contains("d").doesNotContain("f");
  }

  @Test
  void failsAfterItIsClosedInsteadOfUsingANumberThatIsSomebodyElsesNow() {
    LinuxHost host = open("directory").host();
    host.close();
    host.close();
    assertThatThrownBy(() -> host.exists(fixture.volume("v")))
        .isInstanceOf(IllegalStateException.class);
  }
}
