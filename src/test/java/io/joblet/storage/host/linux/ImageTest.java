package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostOperation.GrowImage;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeImage;
import io.joblet.storage.host.HostOperation.MountImage;
import io.joblet.storage.host.HostOperation.ShrinkImage;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.host.MountEntry;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImageTest {
  private static final long SIZE = 16L << 20;
  private static final long INODES = 1000;

  private final HostFixture fixture = HostFixture.open("loop");
  private final LinuxHost host = fixture.host();
  private final ManagedPath image = fixture.volume(".images/v.ext4");
  private final ManagedPath target = fixture.volume("v");
  private final MakeImage make = new MakeImage(image, SIZE, INODES, 65534, 65534, 0750);
  private final MountImage mount = new MountImage(image, target);

  @BeforeEach
  void makeTarget() {
    host.apply(new MakeDirectory(target, 0700));
    fixture.letOthersThrough();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<MountEntry> mounted() {
    return host.mounts().stream()
        .filter(m -> m.target().equals(fixture.real(target).toString()))
        .toList();
  }

  @Test
  void saysThatImagesWorkAndWhyThereIsNoPool() {
    assertThat(host.capabilities().loopImages()).isTrue();
    assertThat(host.capabilities().btrfsPool()).isFalse();
    assertThat(host.capabilities().reason()).contains("loop");
  }

  @Test
  void makesAnImageOnceWithItsBlocksAllocated() throws Exception {
    host.apply(make);
    Object first = Files.readAttributes(fixture.real(image), "unix:ino").get("ino");
    host.apply(make);
    assertThat(Files.readAttributes(fixture.real(image), "unix:ino").get("ino")).isEqualTo(first);
    assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE);
    long allocated = Long.parseLong(Shell.ok("stat", "-c", "%b", "" + fixture.real(image))) * 512;
    assertThat(allocated).isGreaterThanOrEqualTo(SIZE);
    assertThat(host.list(ManagedRoot.VOLUMES, ".images")).containsExactly("v.ext4");
    host.undo(make);
    host.undo(make);
    assertThat(host.list(ManagedRoot.VOLUMES, ".images")).isEmpty();
  }

  @Test
  void startsOverWhereAFormerLifeLeftAHalfMadeImage() throws Exception {
    Files.writeString(fixture.real(fixture.volume(".images/v.ext4.unfinished")), "half made");
    host.apply(make);
    assertThat(host.list(ManagedRoot.VOLUMES, ".images")).containsExactly("v.ext4");
    assertThat(Shell.run("e2fsck", "-fn", fixture.real(image).toString()).exit()).isZero();
  }

  @Test
  void leavesNothingWhenTheFileSystemCannotBeMade() {
    MakeImage tooSmall = new MakeImage(image, 4096, 0, 0, 0, 0700);
    assertThatThrownBy(() -> host.apply(tooSmall)).isInstanceOf(HostException.class);
    assertThat(host.exists(image)).isFalse();
    host.undo(tooSmall);
    assertThat(host.list(ManagedRoot.VOLUMES, ".images")).isEmpty();
  }

  @Test
  void mountsOnceByOneLoopDeviceThatGoesWithTheMount() throws Exception {
    host.apply(make);
    host.apply(mount);
    host.apply(mount);
    assertThat(mounted()).hasSize(1);
    assertThat(mounted().getFirst().options()).contains("nosuid", "nodev");
    assertThat(host.loopDevices())
        .hasSize(1)
        .allSatisfy(d -> assertThat(d.backingFile()).isEqualTo(fixture.real(image).toString()));
    assertThat(Shell.ok("stat", "-c", "%u:%g %a", fixture.real(target).toString()))
        .isEqualTo("65534:65534 750");
    assertThat(fixture.real(target)).isEmptyDirectory();
    host.undo(mount);
    host.undo(mount);
    assertThat(mounted()).isEmpty();
    Eventually.isTrue("the loop device clears itself", () -> host.loopDevices().isEmpty());
  }

  @Test
  void neverPutsASecondLoopDeviceOnAnImage() {
    host.apply(make);
    host.apply(mount);
    host.apply(new MakeDirectory(fixture.volume("again"), 0700));
    host.apply(new MountImage(image, fixture.volume("again")));
    assertThat(host.loopDevices()).hasSize(1);
  }

  @Test
  void holdsAWriterToBytesAndInodes() {
    host.apply(make);
    host.apply(mount);
    String top = fixture.real(target).toString();
    assertThat(Shell.asNobody("dd if=/dev/zero of=" + top + "/large bs=1M count=32").output())
        .contains("No space left on device");
    Shell.ok("rm", top + "/large");
    assertThat(host.mountedSpace(target).orElseThrow().freeInodes()).isGreaterThanOrEqualTo(INODES);
    Shell.Result many =
        Shell.asNobody("cd " + top + "; for i in $(seq 2000); do : > f$i || exit 3; done");
    assertThat(many.exit()).isNotZero();
    assertThat(host.mountedSpace(target).orElseThrow().freeInodes()).isZero();
  }

  /** Up to one multiple of mke2fs in each block group, of which there are two and three here. */
  @Test
  void hasNoFewerInodesThanTheLimitAndHardlyMore() {
    for (long megabytes : List.of(16L, 20L)) {
      for (long limit : List.of(50L, 100L, 1000L)) {
        MakeImage limited = new MakeImage(image, megabytes << 20, limit, 0, 0, 0755);
        host.apply(limited);
        host.apply(mount);
        assertThat(host.mountedSpace(target).orElseThrow().freeInodes())
            .as("%d MiB, %d inodes", megabytes, limit)
            .isBetween(limit, limit + 24);
        host.undo(mount);
        Eventually.isTrue("the loop device clears itself", () -> host.loopDevices().isEmpty());
        host.undo(limited);
      }
    }
  }

  @Test
  void makesNoImageWhoseInodeLimitCannotHold() {
    MakeImage wide = new MakeImage(image, 400L << 20, 50, 0, 0, 0755);
    assertThatThrownBy(() -> host.apply(wide))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("at least 390 inodes");
    host.undo(wide);
    assertThat(host.list(ManagedRoot.VOLUMES, ".images")).isEmpty();
  }

  @Test
  void refusesATargetWithAnotherMount() {
    host.apply(make);
    Shell.ok("mount", "-t", "tmpfs", "joblet-test", fixture.real(target).toString());
    assertThatThrownBy(() -> host.apply(mount))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("tmpfs from joblet-test");
    assertThatThrownBy(() -> host.undo(mount))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("not ours");
    assertThat(host.loopDevices()).isEmpty();
  }

  @Test
  void growsAnImageAndKeepsItsData() throws Exception {
    GrowImage grow = new GrowImage(image, target, 3 * SIZE, SIZE);
    host.apply(make);
    host.apply(mount);
    long before = host.mountedSpace(target).orElseThrow().sizeBytes();
    Files.writeString(fixture.real(target).resolve("file"), "kept");
    host.undo(mount);
    host.apply(grow);
    host.apply(grow);
    assertThat(Files.size(fixture.real(image))).isEqualTo(3 * SIZE);
    host.apply(mount);
    assertThat(host.mountedSpace(target).orElseThrow().sizeBytes()).isGreaterThan(before + SIZE);
    assertThat(fixture.real(target).resolve("file")).hasContent("kept");
  }

  /** Without CAP_SYS_RESOURCE the kernel refuses; then nobody may be told that it grew. */
  @Test
  void growsAMountedImageOrSaysThatTheKernelDoesNotLetIt() throws Exception {
    host.apply(make);
    host.apply(mount);
    long before = host.mountedSpace(target).orElseThrow().sizeBytes();
    GrowImage grow = new GrowImage(image, target, 3 * SIZE, SIZE);
    String capabilities =
        Files.readAllLines(java.nio.file.Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("CapEff:"))
            .map(line -> line.substring("CapEff:".length()).strip())
            .findFirst()
            .orElseThrow();
    boolean mayResize = (Long.parseUnsignedLong(capabilities, 16) >> 24 & 1) == 1;
    if (mayResize) {
      host.apply(grow);
      assertThat(host.mountedSpace(target).orElseThrow().sizeBytes()).isGreaterThan(before + SIZE);
    } else {
      assertThatThrownBy(() -> host.apply(grow))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("CAP_SYS_RESOURCE");
      assertThat(host.mountedSpace(target).orElseThrow().sizeBytes()).isEqualTo(before);
      host.undo(grow);
      host.undo(grow);
      assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE);
      assertThat(deviceBytes()).isEqualTo(SIZE);
    }
    Files.writeString(fixture.real(target).resolve("file"), "kept");
    host.undo(mount);
    assertThat(Shell.run("e2fsck", "-fn", fixture.real(image).toString()).exit()).isZero();
    host.apply(mount);
    assertThat(fixture.real(target).resolve("file")).hasContent("kept");
  }

  /** A kill right after the allocation. */
  @Test
  void givesBackWhatWasAllocatedForAGrowthThatDidNotBegin() throws Exception {
    host.apply(make);
    host.apply(mount);
    Shell.ok("fallocate", "-l", "" + 3 * SIZE, fixture.real(image).toString());

    host.undo(new GrowImage(image, target, 3 * SIZE, SIZE));

    assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE);
  }

  @Test
  void takesNothingBackFromAFileSystemThatHasGrown() throws Exception {
    GrowImage grow = new GrowImage(image, target, 3 * SIZE, SIZE);
    host.apply(make);
    host.apply(grow);

    assertThatThrownBy(() -> host.undo(grow))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("has grown already");
    assertThat(Files.size(fixture.real(image))).isEqualTo(3 * SIZE);
  }

  /** It is looked at before anything is allocated, so nothing has to be taken back. */
  @Test
  void growsNothingThatIsDamaged() throws Exception {
    GrowImage grow = new GrowImage(image, target, 3 * SIZE, SIZE);
    host.apply(make);
    damage();

    assertThatThrownBy(() -> host.apply(grow))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("there is no ext4 in the image");
    assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE);
    host.undo(grow);
    assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE);
  }

  @Test
  void growsNothingThatIsShorterThanItsFileSystem() throws Exception {
    GrowImage grow = new GrowImage(image, target, 3 * SIZE, SIZE);
    host.apply(make);
    Shell.ok("truncate", "-s", "" + SIZE / 2, fixture.real(image).toString());

    assertThatThrownBy(() -> host.apply(grow))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("reaches to " + SIZE + " bytes");
    assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE / 2);
    host.undo(grow);
  }

  /** Damaged after a kill: it may have grown, and what cannot be read is not cut. */
  @Test
  void cutsNothingOffThatCannotBeRead() throws Exception {
    host.apply(make);
    Shell.ok("fallocate", "-l", "" + 3 * SIZE, fixture.real(image).toString());
    damage();

    host.undo(new GrowImage(image, target, 3 * SIZE, SIZE));
    host.undo(new GrowImage(image, target, 2 * SIZE, SIZE));

    assertThat(Files.size(fixture.real(image))).isEqualTo(3 * SIZE);
  }

  @Test
  void hasNothingToTakeBackWhereTheImageIsGone() {
    GrowImage grow = new GrowImage(image, target, 3 * SIZE, SIZE);
    for (HostOperation resize : List.of(grow, shrink(SIZE / 2, 100))) {
      assertThatThrownBy(() -> host.apply(resize))
          .isInstanceOfSatisfying(
              HostException.class, e -> assertThat(e.errno()).isEqualTo("ENOENT"));
      host.undo(resize);
    }
    assertThat(host.list(ManagedRoot.VOLUMES, ".images")).isEmpty();
  }

  private void damage() {
    String file = "of=" + fixture.real(image);
    Shell.ok("dd", "if=/dev/zero", file, "bs=4096", "count=1", "conv=notrunc");
  }

  private long deviceBytes() {
    String device = host.loopDevices().getFirst().device();
    return Long.parseLong(Shell.ok("blockdev", "--getsize64", device).strip());
  }

  private ShrinkImage shrink(long sizeBytes, long inodeLimit) {
    return new ShrinkImage(image, target, sizeBytes, SIZE, inodeLimit);
  }

  @Test
  void shrinksAnImageAndKeepsItsData() throws Exception {
    host.apply(make);
    host.apply(mount);
    Files.writeString(fixture.real(target).resolve("file"), "kept");
    host.undo(mount);

    host.apply(shrink(SIZE / 2, 100));
    host.apply(shrink(SIZE / 2, 100));

    assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE / 2);
    assertThat(host.list(ManagedRoot.VOLUMES, ".images")).containsExactly("v.ext4");
    assertThat(Shell.run("e2fsck", "-fn", fixture.real(image).toString()).exit()).isZero();
    host.apply(mount);
    assertThat(fixture.real(target).resolve("file")).hasContent("kept");
    assertThat(host.mountedSpace(target).orElseThrow().sizeBytes()).isLessThan(SIZE / 2);
    assertThat(Shell.asNobody("dd if=/dev/zero of=" + fixture.real(target) + "/f bs=1M").output())
        .contains("No space left on device");
  }

  /** Its former self is whole until the copy is. */
  @Test
  void shrinksNothingBelowWhatIsInIt() throws Exception {
    host.apply(make);
    host.apply(mount);
    Shell.ok("dd", "if=/dev/urandom", "of=" + fixture.real(target) + "/f", "bs=1M", "count=10");
    String before = Shell.ok("sha256sum", fixture.real(target) + "/f");
    host.undo(mount);

    for (ShrinkImage tooFar : List.of(shrink(SIZE / 2, 100), shrink(SIZE - (1 << 20), 5000))) {
      assertThatThrownBy(() -> host.apply(tooFar))
          .isInstanceOfSatisfying(
              HostException.class, e -> assertThat(e.errno()).isEqualTo("EFBIG"));
      host.undo(tooFar);
      host.undo(tooFar);
    }

    assertThat(host.list(ManagedRoot.VOLUMES, ".images")).containsExactly("v.ext4");
    assertThat(Files.size(fixture.real(image))).isEqualTo(SIZE);
    host.apply(mount);
    assertThat(Shell.ok("sha256sum", fixture.real(target) + "/f")).isEqualTo(before);
  }

  @Test
  void shrinksNothingThatIsMounted() {
    host.apply(make);
    host.apply(mount);
    assertThatThrownBy(() -> host.apply(shrink(SIZE / 2, 100)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("detach it first");
  }

  /** A helper of the killed daemon may still write into what it left. */
  @Test
  void doesNotGoOnWithTheCopyOfAFormerLife() throws Exception {
    host.apply(make);
    java.nio.file.Path left = fixture.real(fixture.volume(".images/v.ext4.unfinished"));
    Files.writeString(left, "half made");
    Object former = Files.readAttributes(left, "unix:ino").get("ino");
    try (var stillOpen = Files.newByteChannel(left, java.nio.file.StandardOpenOption.WRITE)) {
      assertThat(stillOpen.isOpen()).isTrue();

      host.apply(shrink(SIZE / 2, 100));

      assertThat(Files.readAttributes(fixture.real(image), "unix:ino").get("ino"))
          .isNotEqualTo(former);
    }
    assertThat(Shell.run("e2fsck", "-fn", fixture.real(image).toString()).exit()).isZero();
  }

  @Test
  void takesNoShrinkageBackThatIsDone() {
    host.apply(make);
    host.apply(shrink(SIZE / 2, 100));
    assertThatThrownBy(() -> host.undo(shrink(SIZE / 2, 100)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("only going on helps");
  }

  @Test
  void growsNothingToASmallerSize() {
    host.apply(make);
    assertThatThrownBy(() -> host.apply(new GrowImage(image, target, SIZE / 2, SIZE)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("cannot shrink");
  }
}
