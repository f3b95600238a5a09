package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each kind of finding, provoked as an administrator or a crash would. */
@QuarkusTest
class DoctorTest extends ServiceTest {

  @Test
  void mountsAgainWhatAnAdministratorUnmounted() throws IOException {
    create("data");
    Path path = Path.of(attach("data", "job").getHostPath());
    Files.writeString(path.resolve("file"), "kept");
    Shell.ok("umount", path.toString());

    Finding found = only(findings());

    assertThat(found.getKind()).isEqualTo("missing-mount");
    assertThat(found.getSubject()).isEqualTo(path.toString());
    fixed("missing-mount");
    assertThat(path.resolve("file")).hasContent("kept");
  }

  @Test
  void mountsAnImageAgainWithItsStage() throws IOException {
    Volume image = create(wanted("image").setInodeLimit(64));
    Path path = Path.of(attach("image", "job").getHostPath());
    Files.writeString(path.resolve("file"), "kept");
    Shell.ok("umount", path.toString());
    Shell.ok("umount", image.getPath());

    fixed("missing-mount");
    assertThat(path.resolve("file")).hasContent("kept");
  }

  /** The inodes that go with its size are not those of its mount. */
  @Test
  void mountsAgainWithoutATouchToWhatIsInMemory() throws IOException {
    create(wantedInMemory("cache").setSizeBytes(8 * MIB));
    Path path = Path.of(attach("cache", "job").getHostPath());
    volumes.updateVolume(VolumeLifeTest.resize("cache", 4 * MIB));
    Files.writeString(path.resolve("file"), "kept");
    Shell.ok("umount", path.toString());

    fixed("missing-mount");
    assertThat(path.resolve("file")).hasContent("kept");
  }

  /** More files are in it than go with its size: its mount cannot be as it should. */
  @Test
  void leavesWhatIsInMemoryWhereItCannotMountItAgain() throws IOException {
    Volume cache = create(wantedInMemory("cache").setSizeBytes(8 * MIB));
    Path path = Path.of(attach("cache", "job").getHostPath());
    Files.writeString(path.resolve("file"), "kept");
    Shell.ok("mount", "-o", "remount,size=16m,nr_inodes=100000", cache.getPath());
    Shell.ok("sh", "-c", "cd " + path + " && seq 3000 | xargs touch");
    Shell.ok("umount", path.toString());

    assertThat(fix()).noneMatch(Finding::getFixed);

    assertThat(Path.of(cache.getPath(), "file")).hasContent("kept");
  }

  /** The rows can be of a time before somebody had it back; a second is configured here. */
  @Test
  void keepsForAWholeRetentionWhatItMovesIntoTheTrash() {
    Volume data = create("data");
    delete("data");
    rows.change(
        "update volume set deleted_at = now() - interval '1 year', purge_after = now() - interval '1 year'");
    Shell.ok("mv", "-T", config.volumesDirectory() + "/.trash/" + data.getId(), data.getPath());

    fixed("not-in-trash");

    assertThat(
            rows.query(
                "select deleted_at > now() - interval '1 minute' and purge_after > now() + interval '59 minutes'"
                    + " from volume"))
        .containsExactly("t");
    assertThat(
            volumes
                .undeleteVolume(UndeleteVolumeRequest.newBuilder().setVolume("data").build())
                .getVolume()
                .getId())
        .isEqualTo(data.getId());
  }

  @Test
  void saysThatDataIsMissingAndTakesItWhenItIsBack() {
    Volume volume = create("data");
    Path pool = Path.of(config.volumesDirectory());
    Path away = pool.resolve("kept-elsewhere");
    Shell.ok("mv", "-T", volume.getPath(), away.toString());

    assertThat(findings())
        .extracting(Finding::getKind)
        .containsExactlyInAnyOrder("missing-data", "unknown-volume");
    assertThat(fix()).allMatch(Finding::getFixed);
    assertThat(get("data").getStatus()).isEqualTo("lost");
    assertThat(findings())
        .extracting(Finding::getKind)
        .containsExactlyInAnyOrder("lost-volume", "quarantined");
    Shell.ok("mv", "-T", pool.resolve(".quarantine/kept-elsewhere").toString(), volume.getPath());
    fixed("found-data");
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  @Test
  void setsStrangersAsideWithAllTheyContain() throws IOException {
    Path pool = Path.of(config.volumesDirectory());
    Path directory = Files.createDirectory(pool.resolve("stranger"));
    Files.writeString(directory.resolve("file"), "kept");
    Path image = pool.resolve(".images").resolve(UUID.randomUUID() + ".ext4");
    Files.writeString(image, "kept");
    Path trash = pool.resolve(".trash").resolve(UUID.randomUUID().toString());
    Files.writeString(trash, "kept");

    assertThat(findings())
        .extracting(Finding::getKind)
        .containsExactlyInAnyOrder("unknown-volume", "unknown-image", "unknown-trash");
    assertThat(fix()).allMatch(Finding::getFixed);

    Path quarantine = pool.resolve(".quarantine");
    try {
      assertThat(findings()).extracting(Finding::getKind).containsOnly("quarantined").hasSize(3);
      assertThat(quarantine.resolve("stranger/file")).hasContent("kept");
      assertThat(quarantine.resolve(image.getFileName())).hasContent("kept");
      assertThat(quarantine.resolve(trash.getFileName())).hasContent("kept");
    } finally {
      Shell.ok("sh", "-c", "rm -r " + quarantine + "/*");
    }
  }

  /** Moved away under mke2fs it would make the creation fail. */
  @Test
  void takesAnImageThatIsBeingMadeForNoStranger() throws IOException {
    Volume volume = create(wanted("image").setInodeLimit(64));
    Path unfinished =
        Path.of(config.volumesDirectory(), ".images", volume.getId() + ".ext4.unfinished");
    Files.writeString(unfinished, "half made");
    try {
      assertThat(findings()).isEmpty();
      assertThat(fix()).isEmpty();
      assertThat(unfinished).exists();
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  @Test
  void namesAStrayMountAndLeavesItInPeace() throws IOException {
    Path stray = Files.createDirectories(Path.of(config.jobsDirectory(), "job", "stray"));
    Shell.ok("mount", "-t", "tmpfs", "tmpfs", stray.toString());
    try {
      assertThat(only(findings()).getKind()).isEqualTo("unknown-mount");
      assertThat(only(fix()).getFixed()).isFalse();
      assertThat(Shell.run("mountpoint", stray.toString()).exit()).isZero();
    } finally {
      Shell.ok("umount", stray.toString());
      Files.delete(stray);
      Files.delete(stray.getParent());
    }
  }

  /** The database may be the one that is wrong. */
  @Test
  void namesOutputThatNoRowKnowsOnceForAllOfItAndLeavesIt() throws IOException {
    Path outputs = Path.of(config.stateDirectory(), "jobs");
    Path one = outputs.resolve("00000000-0000-7000-8000-000000000001");
    Path other = outputs.resolve("00000000-0000-7000-8000-000000000002");
    try {
      Files.createDirectory(one);
      Files.createDirectory(other);
      Files.writeString(one.resolve("0.log"), "output");

      Finding found = only(findings());
      assertThat(found.getKind()).isEqualTo("unknown-output");
      assertThat(found.getSubject()).isEqualTo(one.toRealPath().toString());
      assertThat(found.getMessage()).contains("1 more");
      assertThat(only(fix()).getFixed()).isFalse();
      assertThat(one.resolve("0.log")).hasContent("output");
    } finally {
      Shell.ok("rm", "-rf", one.toString(), other.toString());
    }
  }

  @Test
  void namesAMountOverAVolume() {
    create("data");
    String path = attach("data", "job").getHostPath();
    Shell.ok("mount", "-t", "tmpfs", "tmpfs", path);
    try {
      assertThat(findings()).extracting(Finding::getKind).contains("foreign-mount");
    } finally {
      Shell.ok("umount", path);
    }
  }

  @Test
  void namesAMountThatSomebodyMadeWritable() {
    create("data");
    String path =
        attach("data", "job", io.joblet.storage.v1.AccessMode.SHARED_READ_ONLY).getHostPath();
    Shell.ok("mount", "-o", "remount,bind,rw", path);

    assertThat(only(findings()).getKind()).isEqualTo("mount-flags");
    Shell.ok("mount", "-o", "remount,bind,ro,nosuid,nodev", path);
  }

  @Test
  void takesDownAStageThatNobodyHolds() {
    Volume cache = create(wantedInMemory("cache"));
    String path = attach("cache", "job").getHostPath();
    Shell.ok("umount", path);
    Shell.ok(
        "rm", "-d", path, Path.of(path).getParent().toString(), config.jobsDirectory() + "/job");
    rows.change("delete from attachment");
    rows.change("update volume set held_as = null");

    assertThat(only(findings()).getKind()).isEqualTo("stale-stage");
    fixed("stale-stage");
    assertThat(Path.of(cache.getPath())).doesNotExist();
  }

  @Test
  void removesAnEmptyGroupThatNoRowExplains() {
    Shell.ok("btrfs", "qgroup", "create", "1/99999", config.volumesDirectory());

    assertThat(only(findings()).getKind()).isEqualTo("unknown-qgroup");
    fixed("unknown-qgroup");
  }

  @Test
  void saysThatTrashIsMissing() {
    create("data");
    Volume trashed = delete("data");
    String pool = config.volumesDirectory();
    Shell.ok("mv", "-T", pool + "/.trash/" + trashed.getId(), pool + "/gone");

    assertThat(findings()).extracting(Finding::getKind).contains("missing-trash");
    Shell.ok("mv", "-T", pool + "/gone", pool + "/.trash/" + trashed.getId());
  }

  @Test
  void finishesADetachmentThatWasInterrupted() {
    create("data");
    attach("data", "job");
    rows.change("update attachment set state = 'DETACHING', row_version = row_version + 1");

    assertThat(findings()).extracting(Finding::getKind).contains("unsettled-attachment");
    fixed("unsettled-attachment");
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  @Test
  void namesTheProcessThatPinsAMountOnItsWayOut() {
    create("data");
    Process user = start(Path.of(attach("data", "job").getHostPath()), "sleep", "600");
    rows.change("update attachment set state = 'DETACHING', row_version = row_version + 1");

    Finding found = only(findings());
    assertThat(found.getKind()).isEqualTo("pinned-mount");
    assertThat(found.getMessage()).contains("pid " + user.pid());
    assertThat(only(fix()).getFixed()).isFalse();
    end(user);
    fixed("unsettled-attachment");
  }

  @Test
  void finishesVolumesThatWereInterrupted() {
    create("creating");
    create("deleting");
    rows.change("update volume set state = 'CREATING' where name = 'creating'");
    rows.change(
        "update volume set state = 'DELETING', deleted_at = now(), purge_after = now() where name = 'deleting'");

    assertThat(findings()).extracting(Finding::getKind).containsOnly("unsettled-volume").hasSize(2);
    assertThat(fix()).allMatch(Finding::getFixed);
    assertThat(findings()).isEmpty();
    assertThat(rows.query("select state from volume")).containsExactly("TRASHED");
  }

  /** Of one attachment, which must keep nobody from the others, nor the daemon from starting. */
  @Test
  void saysWhatIsInTheWayOfADetachment() {
    create("data");
    Path mounted = Path.of(attach("data", "job").getHostPath());
    rows.change("update attachment set state = 'DETACHING', row_version = row_version + 1");
    Shell.ok("umount", mounted.toString());
    Path volumes = mounted.getParent();
    Path away = Path.of(config.volumesDirectory(), ".quarantine", "away");
    Shell.ok("mv", "-T", volumes.toString(), away.toString());
    Shell.ok("ln", "-s", away.toString(), volumes.toString());

    assertThat(findings())
        .anySatisfy(found -> {
          assertThat(found.getKind()).isEqualTo("unsettled-attachment");
          assertThat(found.getMessage()).contains("is still DETACHING; ");
        });
    Shell.ok("rm", volumes.toString());
    Shell.ok("mv", "-T", away.toString(), volumes.toString());
    fixed("unsettled-attachment");
  }

  @Test
  void doesNotSayThatARecordIsWrittenWhichIsNot() {
    Path record = Path.of(config.volumesDirectory(), ".records", create("data").getId() + ".json");
    Shell.ok("rm", record.toString());
    Shell.ok("mkdir", record.toString());

    Finding found = only(fix());

    assertThat(found.getKind()).isEqualTo("old-records");
    assertThat(found.getFixed()).isFalse();
    Shell.ok("rmdir", record.toString());
    fixed("old-records");
  }
}
