package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeResponse;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps a volume from being deleted, and what can be had back. */
@QuarkusTest
class DeletionTest extends ServiceTest {

  @Test
  void refusesAProtectedOneAlsoByForce() {
    create(wanted("data").setProtected(true));

    for (boolean force : new boolean[] {false, true}) {
      Refused refused =
          Refused.by(() -> volumes.deleteVolume(request("data").setForce(force).build()));
      assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(refused.kindInTheWay()).isEqualTo("PROTECTION");
    }
  }

  @Test
  void namesTheJobThatHoldsItUnlessForced() {
    create("data");
    attach("data", "job");

    Refused refused = Refused.by(() -> delete("data"));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("job/job");
    Volume gone = volumes.deleteVolume(request("data").setForce(true).build()).getVolume();
    assertThat(gone.getStatus()).isEqualTo("deleted");
    assertThat(gone.getAttachmentsCount()).isZero();
    assertThat(rows.query("select state from job where name = 'job' order by id desc limit 1"))
        .containsExactly("ENDED");
  }

  /** Somebody has taken it away by hand; the doctor would say the same. */
  @ParameterizedTest
  @ValueSource(strings = {"subvolume", "image"})
  void saysThatDataIsGoneAndDeletesTheVolumeThen(String kind) {
    Volume volume = create(wanted("data").setInodeLimit(kind.equals("image") ? 64 : 0));
    if (kind.equals("image")) {
      Shell.ok("rm", config.volumesDirectory() + "/.images/" + volume.getId() + ".ext4");
    } else {
      Shell.ok("btrfs", "subvolume", "delete", config.volumesDirectory() + "/" + volume.getId());
    }

    Refused refused = Refused.by(() -> delete("data"));
    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("volume/data");
    assertThat(refused.message()).contains("is not on this host");
    assertThat(get("data").getStatus()).isEqualTo("lost");

    delete("data");
    assertThat(rows.query("select count(*) from volume")).containsExactly("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"subvolume", "image"})
  void saysThatDataIsGoneFromTheTrash(String kind) {
    Volume volume = create(wanted("data").setInodeLimit(kind.equals("image") ? 64 : 0));
    delete("data");
    String trashed = config.volumesDirectory() + "/.trash/" + volume.getId();
    if (kind.equals("image")) {
      Shell.ok("rm", trashed);
    } else {
      Shell.ok("btrfs", "subvolume", "delete", trashed);
    }

    Refused refused = Refused.by(() -> undelete("data", ""));
    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains("is not in the trash");
    assertThat(get("data").getStatus()).isEqualTo("lost");

    delete("data");
    assertThat(rows.query("select count(*) from volume")).containsExactly("0");
  }

  @Test
  void namesTheProcessThatUsesItAlsoWhenForced() {
    create("data");
    Process user = start(Path.of(attach("data", "job").getHostPath()), "sleep", "600");

    Refused refused =
        Refused.by(() -> volumes.deleteVolume(request("data").setForce(true).build()));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.inTheWay()).isEqualTo("pid/" + user.pid());
    assertThat(get("data").getStatus()).isEqualTo("in_use");
    assertThat(findings()).isEmpty();
  }

  /** An older database, or none, does not know that somebody has begun to use it. */
  @Test
  void looksWhoUsesItThoughItsRowSaysThatNobodyHas() {
    create("data");
    Process user = start(Path.of(get("data").getPath()), "sleep", "600");
    rows.change("update volume set created_at = created_at - interval '1 day'");

    Refused refused = Refused.by(() -> delete("data"));

    assertThat(refused.inTheWay()).isEqualTo("pid/" + user.pid());
    assertThat(get("data").getStatus()).isEqualTo("available");
  }

  @Test
  void namesTheJobThatShowsTheVolumeInANamespaceOfItsOwn() throws IOException {
    create("data");
    String path = attach("data", "job").getHostPath();
    Path own = Files.createTempDirectory("joblet-own-");
    try {
      Process job =
          namespace(
              "--propagation=slave",
              "mount --bind " + path + " " + own + " && umount " + path,
              own.toString());

      Refused detach = Refused.by(() -> detach("data", "job"));
      Refused delete =
          Refused.by(() -> volumes.deleteVolume(request("data").setForce(true).build()));

      assertThat(detach.code()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(detach.inTheWay()).isEqualTo("pid/" + job.pid());
      assertThat(delete.inTheWay()).isEqualTo("pid/" + job.pid());
      assertThat(get("data").getStatus()).isEqualTo("in_use");
      assertThat(findings()).isEmpty();
    } finally {
      Files.delete(own);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--propagation=slave", "--propagation=private", "--map-root-user"})
  void isNotHeldUpByAServiceThatBeganWhileItWasAttached(String kind) throws IOException {
    create("data");
    create(wantedInMemory("cache"));
    create(wanted("image").setInodeLimit(64));
    String places = "";
    for (String name : new String[] {"data", "cache", "image"}) {
      places += attach(name, "job").getHostPath() + "\n";
    }
    Process service = namespace(kind, "true", places.lines().findFirst().orElseThrow());

    for (String name : new String[] {"data", "cache", "image"}) {
      detach(name, "job");
      volumes.deleteVolume(request(name).setPurge(true).build());
    }

    assertThat(rows.count("select count(*) from volume")).isZero();
    assertThat(Files.readString(Path.of("/proc/" + service.pid() + "/mountinfo")))
        .doesNotContain(places.lines().toArray(String[]::new));
    assertThat(service.isAlive()).isTrue();
    assertThat(findings()).isEmpty();
  }

  /** A process with a mount namespace of its own, once it shows something at {@code place}. */
  private Process namespace(String kind, String script, String place) {
    Process process =
        start(Path.of("/"), "unshare", "--mount", kind, "sh", "-c", script + " && exec sleep 600");
    org.awaitility.Awaitility.await()
        .until(() ->
            Shell.run("grep", "-c", place, "/proc/" + process.pid() + "/mountinfo").exit() == 0
                && Shell.run("readlink", "/proc/" + process.pid() + "/exe")
                    .output()
                    .contains("sleep"));
    return process;
  }

  @Test
  void purgesAtOnceWhenAsked() {
    create("data");
    create(wanted("image").setInodeLimit(64));

    for (String name : new String[] {"data", "image"}) {
      DeleteVolumeResponse answer = volumes.deleteVolume(request(name).setPurge(true).build());
      assertThat(answer.hasVolume()).isFalse();
    }
    assertThat(rows.count("select count(*) from volume")).isZero();
    assertThat(footprint().volumes()).noneMatch(name -> name.contains("/"));
  }

  @Test
  void purgesByItsIdWhatIsInTheTrash() {
    for (var wanted : List.of(wanted("data"), wanted("data").setInodeLimit(64))) {
      create(wanted);
      String id = delete("data").getId();
      DeleteVolumeRequest request = request(id).setPurge(true).setRequestId("p-" + id).build();

      DeleteVolumeResponse answer = volumes.deleteVolume(request);

      assertThat(answer.hasVolume()).isFalse();
      assertThat(rows.count("select count(*) from volume")).isZero();
      assertThat(footprint().volumes()).noneMatch(name -> name.contains("/"));
      assertThat(volumes.deleteVolume(request)).as("once more").isEqualTo(answer);
      assertThat(
              rows.count(
                  "select count(*) from host_operation where kind = 'purge'"
                      + " and outcome = 'DONE' and volume_id = ?",
                  UUID.fromString(id)))
          .isEqualTo(1);
    }
  }

  @Test
  void purgesOneOfSeveralOfThatNameAndNoOther() {
    create("data");
    String first = delete("data").getId();
    create("data");
    String second = delete("data").getId();
    String living = create("data").getId();

    volumes.deleteVolume(request(first).setPurge(true).setForce(true).build());

    assertThat(rows.query("select id::text from volume order by id"))
        .containsExactly(second, living);
    assertThat(undelete(second, "data-2").getId()).isEqualTo(second);
  }

  @Test
  void asksForTheIdOfWhatIsInTheTrashBeforeItPurges() {
    create("data");
    String id = delete("data").getId();

    for (boolean force : new boolean[] {false, true}) {
      Refused refused =
          Refused.by(
              () -> volumes.deleteVolume(request("data").setPurge(true).setForce(force).build()));

      assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
      assertThat(refused.kindInTheWay()).isEqualTo("STATE");
      assertThat(refused.message()).contains("in the trash", id);
    }
    assertThat(undelete("data", "").getId()).isEqualTo(id);
  }

  @Test
  void doesNotFindWhatWasPurgedOrNeverWas() {
    create("data");
    String purged = delete("data").getId();
    volumes.deleteVolume(request(purged).setPurge(true).build());

    for (String id : List.of(purged, UUID.randomUUID().toString(), "none")) {
      Refused refused = Refused.by(() -> volumes.deleteVolume(request(id).setPurge(true).build()));
      assertThat(refused.code()).isEqualTo(Code.NOT_FOUND);
      assertThat(refused.resource().getResourceName()).isEqualTo(id);
    }
  }

  @Test
  void goesOnWithAPurgeThatWasInterrupted() {
    create("data");
    String id = delete("data").getId();
    rows.change("update volume set state = 'PURGING', row_version = row_version + 1");

    volumes.deleteVolume(request(id).setPurge(true).build());

    assertThat(rows.count("select count(*) from volume")).isZero();
    assertThat(findings()).isEmpty();
  }

  @Test
  void deletesAFullVolumeAndOneWithNestedSubvolumes() {
    create("data");
    String path = attach("data", "job").getHostPath();
    Shell.ok("btrfs", "subvolume", "create", path + "/nested");
    assertThat(
            Shell.run("dd", "if=/dev/zero", "of=" + path + "/nested/f", "bs=1M", "conv=fsync")
                .exit())
        .isNotZero();
    detach("data", "job");

    volumes.deleteVolume(request("data").setPurge(true).build());

    assertThat(rows.count("select count(*) from volume")).isZero();
  }

  @Test
  void aMemoryVolumeIsGoneAtOnce() {
    create(wantedInMemory("cache"));

    DeleteVolumeResponse answer = volumes.deleteVolume(request("cache").build());

    assertThat(answer.hasVolume()).isFalse();
    assertThat(rows.count("select count(*) from volume")).isZero();
  }

  @Test
  void undeletesUnderAnotherNameWhenItsOwnIsTaken() {
    create("data");
    Volume trashed = delete("data");
    create("data");

    Refused taken = Refused.by(() -> undelete(trashed.getId(), ""));

    assertThat(taken.code()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(undelete(trashed.getId(), "data-2").getName()).isEqualTo("data-2");
    assertThat(get("data-2").getId()).isEqualTo(trashed.getId());
  }

  @Test
  void asksForAnIdWhenSeveralOfThatNameAreInTheTrash() {
    create("data");
    Volume first = delete("data");
    create("data");
    Volume second = delete("data");

    Refused refused = Refused.by(() -> undelete("data", ""));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.message()).contains(first.getId(), second.getId());
    assertThat(undelete(first.getId(), "").getId()).isEqualTo(first.getId());
    assertThat(undelete("data", "other").getId()).isEqualTo(second.getId());
    assertThat(Refused.by(() -> undelete("data", "")).code()).isEqualTo(Code.NOT_FOUND);
  }

  @Test
  void refusesToDeleteWhatIsInTheTrash() {
    create("data");
    String id = delete("data").getId();

    Refused refused = Refused.by(() -> delete(id));

    assertThat(refused.code()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(refused.kindInTheWay()).isEqualTo("STATE");
  }

  @Test
  void saysHowAnExistingVolumeDiffers() {
    create("data");

    Refused refused = Refused.by(() -> create(wanted("data").setSizeBytes(32 * MIB).setUid(5)));

    assertThat(refused.code()).isEqualTo(Code.ALREADY_EXISTS);
    assertThat(refused.error().getMetadataMap()).containsOnlyKeys("size_bytes", "uid");
    assertThat(refused.resource().getResourceName()).isEqualTo("data");
  }

  private Volume undelete(String volume, String newName) {
    return volumes
        .undeleteVolume(
            UndeleteVolumeRequest.newBuilder().setVolume(volume).setNewName(newName).build())
        .getVolume();
  }

  private static DeleteVolumeRequest.Builder request(String volume) {
    return DeleteVolumeRequest.newBuilder().setVolume(volume);
  }
}
