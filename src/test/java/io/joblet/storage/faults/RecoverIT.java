package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.v1.DoctorRequest;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.RecoverResponse;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.v1.RecoverableVolume.Action;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows are lost, wholly or since yesterday; the pool is there. */
class RecoverIT {
  private static final long SIZE = 4 << 20;
  private static final String WHAT_A_RECORD_HAS =
      "select id, owner, name, type, provider, enforcement, state, size_bytes, inode_limit, qgroup,"
          + " uid, gid, mode, protected, idle_timeout_seconds, labels, created_at, created_by"
          + " from volume";

  @TempDir Path directory;
  private Installation installation;

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory, Crashes.SETTINGS);
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void bringsBackEveryVolumeOfALostDatabase() throws Exception {
    Running ofAlice = installation.start("-Djoblet.socket-owner=alice");
    fill(ofAlice, Kind.BTRFS, "data");
    stop(ofAlice);
    Running daemon = installation.start();
    fill(daemon, Kind.BTRFS, "data");
    label(daemon, "data");
    fill(daemon, Kind.LOOP, "image");
    fill(daemon, Kind.BTRFS, "deleted");
    daemon.client().create(Kind.MEMORY, "cache", SIZE);
    Volume bare = fill(daemon, Kind.BTRFS, "bare");
    Volume hurt = fill(daemon, Kind.LOOP, "hurt");
    daemon.client().delete("deleted", false);
    List<Map<String, String>> rows = rows(WHAT_A_RECORD_HAS + " order by id");
    String marker = Files.readString(installation.volumes().resolve(".installation"));
    stop(daemon);
    Files.delete(record(bare));
    Files.write(record(hurt), new byte[] {1}, StandardOpenOption.APPEND);
    installation.loseDatabase();

    Running recovering = installation.start("-Djoblet.recover=true");
    RecoverResponse plan = recover(recovering, false, "");

    assertThat(plan.getNewDatabase()).isTrue();
    assertThat(plan.getVolumesList())
        .extracting(RecoverableVolume::getOwner, RecoverableVolume::getName, v -> v.getTrashed())
        .containsExactlyInAnyOrder(
            tuple("alice", "data", false),
            tuple("root", "data", false),
            tuple("root", "image", false),
            tuple("root", "deleted", true),
            tuple("root", "cache", false),
            tuple("root", madeUp(bare), false),
            tuple("root", madeUp(hurt), false));
    assertThatThrownBy(() -> recovering.client().create(Kind.BTRFS, "never", SIZE))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("rnx admin recover");
    assertThatThrownBy(() -> recover(recovering, true, UUID.randomUUID().toString()))
        .hasMessageContaining("ABORTED");
    assertThat(installation.volumes().resolve(".installation")).hasContent(marker);
    assertThat(rows("select * from volume")).isEmpty();

    RecoverResponse done = recover(recovering, true, plan.getPlan());

    assertThat(done.getVolumesList()).allMatch(RecoverableVolume::getDone);
    Path kept = installation.volumes().resolve(".quarantine/" + hurt.getId() + ".json");
    assertThat(Files.readAllBytes(kept)).startsWith('j', 'o', 'b').endsWith(1);
    Files.delete(kept);
    assertThat(rows(WHAT_A_RECORD_HAS + " order by id"))
        .filteredOn(row -> !row.get("name").startsWith("recovered-"))
        .isEqualTo(
            rows.stream()
                .filter(row -> !List.of("bare", "hurt").contains(row.get("name")))
                .toList());
    assertThat(rows(WHAT_A_RECORD_HAS + " where name like 'recovered-%'"))
        .extracting(
            row -> row.get("id"), row -> row.get("size_bytes"), row -> row.get("created_at"))
        .allSatisfy(row -> assertThat(row.toList().get(1)).isEqualTo("" + SIZE));
    assertSound(recovering);
    for (String name : List.of("alice/data", "data", "image", madeUp(bare), madeUp(hurt))) {
      assertHoldsItsOwn(recovering, name);
    }
    assertThat(recovering.client().create(Kind.BTRFS, "newer", SIZE).getStatus())
        .isEqualTo("available");
    assertThat(recover(recovering, false, "").getVolumesList()).isEmpty();
    stop(recovering);
    Running again = installation.start();
    assertSound(again);
    assertThat(installation.volumes().resolve(".quarantine")).isEmptyDirectory();
  }

  @Test
  void bringsBackWhatADatabaseFromYesterdayDoesNotKnow() throws Exception {
    Running yesterday = installation.start();
    fill(yesterday, Kind.BTRFS, "old");
    fill(yesterday, Kind.LOOP, "gone");
    stop(yesterday);
    Path backup = directory.resolve("backup");
    admin("backup", backup);
    assertThatThrownBy(() -> admin("backup", backup)).hasMessageContaining("is not replaced");
    Running today = installation.start();
    today.client().delete("old", false);
    today.client().delete("gone", true);
    Volume another = fill(today, Kind.BTRFS, "old", "another");
    fill(today, Kind.LOOP, "image");
    today.client().create(Kind.MEMORY, "cache", SIZE);
    assertThatThrownBy(() -> admin("restore", backup)).hasMessageContaining("stop it first");
    stop(today);
    admin("restore", backup);
    assertThat(installation.postgres().toFile().list())
        .filteredOn(name -> name.startsWith("before-"))
        .hasSize(1);
    Files.createDirectory(installation.volumes().resolve("stranger"));
    Running restored = installation.start();

    RecoverResponse done = recover(restored, true, recover(restored, false, "").getPlan());

    assertThat(done.getVolumesList())
        .extracting(RecoverableVolume::getAction, RecoverableVolume::getName, v -> v.getDone())
        .containsExactlyInAnyOrder(
            tuple(Action.RETURN, "old", true),
            tuple(Action.ADOPT, "old-recovered", true),
            tuple(Action.ADOPT, "image", true),
            tuple(Action.ADOPT, "cache", true),
            tuple(Action.LEAVE, "", false));
    assertThat(read(restored, "old")).isEqualTo("old");
    assertThat(read(restored, "old-recovered")).isEqualTo("another");
    assertThat(read(restored, "image")).isEqualTo("image");
    assertThat(rows("select name from volume where state = 'LOST'"))
        .extracting(row -> row.get("name"))
        .containsExactly("gone");
    assertThat(rows("select id from volume where name = 'old-recovered'"))
        .extracting(row -> row.get("id"))
        .containsExactly(another.getId());
    restored.client().delete("gone", true);
    Files.delete(installation.volumes().resolve(".quarantine/stranger"));
    assertSound(restored);
  }

  @Test
  void bringsBackVolumesWhoseQuotaGroupsAreLostToo() throws Exception {
    Running daemon = installation.start();
    Volume data = fill(daemon, Kind.BTRFS, "data");
    fill(daemon, Kind.BTRFS, "other");
    stop(daemon);
    Shell.run("btrfs", "quota", "disable", installation.volumes().toString());
    installation.loseDatabase();
    Running recovering = installation.start("-Djoblet.recover=true");

    RecoverResponse done = recover(recovering, true, "");

    assertThat(done.getVolumesList())
        .extracting(RecoverableVolume::getName, RecoverableVolume::getDone)
        .containsExactlyInAnyOrder(tuple("data", true), tuple("other", true));
    assertSound(recovering);
    assertHoldsItsOwn(recovering, "data");
    assertHoldsItsOwn(recovering, "other");
    recovering.client().delete("data", true);
    assertThat(installation.volumes().resolve(data.getId())).doesNotExist();
    assertSound(recovering);
  }

  @Test
  void goesOnWithARecoveryThatFailedAfterItsRowsWereWritten() throws Exception {
    Running daemon = installation.start();
    fill(daemon, Kind.BTRFS, "data");
    stop(daemon);
    installation.loseDatabase();
    Running recovering = installation.start("-Djoblet.recover=true");
    change("alter table attachment rename to away");
    assertThatThrownBy(() -> recover(recovering, true, ""))
        .isInstanceOf(StatusRuntimeException.class);
    assertThatThrownBy(() -> recovering.client().create(Kind.BTRFS, "never", SIZE))
        .hasMessageContaining("the recovery was not finished");
    change("alter table away rename to attachment");

    assertThat(recover(recovering, true, "").getNewDatabase()).isFalse();

    assertThat(read(recovering, "data")).isEqualTo("data");
    assertSound(recovering);
  }

  @Test
  void startsThoughSizesAreMoreThanANumberHolds() throws Exception {
    Running daemon = installation.start();
    daemon.client().create(Kind.MEMORY, "one", SIZE);
    daemon.client().create(Kind.MEMORY, "two", SIZE);
    change("update volume set size_bytes = " + Long.MAX_VALUE);
    stop(daemon);

    Running again = installation.start();

    assertThatThrownBy(() -> again.client().create(Kind.MEMORY, "never", SIZE))
        .hasMessageContaining("joblet.memory.budget");
    change("update volume set size_bytes = " + SIZE);
  }

  private Volume fill(Running daemon, Kind kind, String name) throws IOException {
    return fill(daemon, kind, name, name);
  }

  private Volume fill(Running daemon, Kind kind, String name, String content) throws IOException {
    Volume volume = daemon.client().create(kind, name, SIZE);
    Files.writeString(daemon.client().attach(name, "filling").resolve("content"), content);
    daemon.client().detach(name, "filling");
    return volume;
  }

  private static void label(Running daemon, String volume) {
    daemon
        .client()
        .volumes()
        .updateVolume(
            UpdateVolumeRequest.newBuilder()
                .setVolume(volume)
                .putLabels("team", "\u00e4 \"b\"")
                .setProtected(true)
                .setUpdateMask(
                    com.google.protobuf.FieldMask.newBuilder()
                        .addPaths("labels")
                        .addPaths("protected"))
                .build());
  }

  private static String read(Running daemon, String volume) throws IOException {
    String content = Files.readString(daemon.client().attach(volume, "reading").resolve("content"));
    daemon.client().detach(volume, "reading");
    return content;
  }

  /** What was written is there, and the limit holds. */
  private static void assertHoldsItsOwn(Running daemon, String volume) throws IOException {
    Path place = daemon.client().attach(volume, "reading");
    assertThat(Files.readString(place.resolve("content"))).isEqualTo(contentOf(volume, place));
    assertThatThrownBy(() -> Files.write(place.resolve("too-much"), new byte[(int) SIZE * 2]))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(".*(Disk quota exceeded|No space left on device)");
    Files.delete(place.resolve("too-much"));
    daemon.client().detach(volume, "reading");
  }

  private static String contentOf(String volume, Path place) throws IOException {
    String content = Files.readString(place.resolve("content"));
    return volume.startsWith("recovered-")
        ? List.of("bare", "hurt").contains(content) ? content : "bare or hurt"
        : volume.substring(volume.indexOf('/') + 1);
  }

  private void assertSound(Running daemon) throws Exception {
    assertThat(new Inspector(installation).problems()).isEmpty();
    assertThat(daemon.client().admin().doctor(DoctorRequest.getDefaultInstance()).getFindingsList())
        .extracting(Finding::getKind)
        .isEmpty();
  }

  private List<Map<String, String>> rows(String sql) throws Exception {
    try (Rows rows = Rows.of(installation)) {
      return rows.query(sql);
    }
  }

  /** As nobody but a superuser can: no trigger is asked. */
  private void change(String sql) throws Exception {
    try (Rows rows = Rows.of(installation, "postgres")) {
      rows.update("set session_replication_role = replica");
      rows.update(sql);
    }
  }

  private Path record(Volume volume) {
    return installation.volumes().resolve(".records/" + volume.getId() + ".json");
  }

  private static String madeUp(Volume volume) {
    return "recovered-" + volume.getId().substring(24);
  }

  private static RecoverResponse recover(Running daemon, boolean carryOut, String plan) {
    return daemon
        .client()
        .admin()
        .recover(RecoverRequest.newBuilder().setCarryOut(carryOut).setPlan(plan).build());
  }

  private void admin(String command, Path file) throws IOException, InterruptedException {
    Shell.run(
        Path.of("target/rnx/bin/rnx").toAbsolutePath().toString(),
        "admin",
        command,
        file.toString(),
        "--state-directory=" + directory.resolve("state"));
  }

  private static void stop(Running daemon) throws InterruptedException {
    daemon.process().destroy();
    daemon.process().waitFor();
    daemon.close();
  }
}
