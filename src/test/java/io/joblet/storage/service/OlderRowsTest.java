package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.RecoverRequest;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Rows that say of a volume that something is being done with it, because they are from an older
 * copy of the database; it has lived on since.
 */
@QuarkusTest
class OlderRowsTest extends ServiceTest {
  private static final String CREATING =
      "update volume set state = 'CREATING' where deleted_at is null";

  @Test
  void aCreationIsNotTakenBackThatSomebodyHasUsed() throws IOException {
    Path file = Path.of(create("data").getPath(), "kept");
    Files.writeString(file, "kept");
    rows.change(CREATING);

    settling.settleAll();

    assertThat(get("data").getStatus()).isEqualTo("available");
    assertThat(file).hasContent("kept");
  }

  @Test
  void aCreationIsNotTakenBackWhoseImageWasMounted() throws IOException {
    create(wanted("data").setInodeLimit(64));
    Files.writeString(Path.of(attach("data", "job").getHostPath(), "kept"), "kept");
    detach("data", "job");
    rows.change(CREATING);

    settling.settleAll();

    assertThat(get("data").getStatus()).isEqualTo("available");
    assertThat(Path.of(attach("data", "job").getHostPath(), "kept")).hasContent("kept");
  }

  @Test
  void aCreationIsTakenBackThatNobodyHasUsed() {
    create("data");
    create(wanted("image").setInodeLimit(64));
    rows.change(CREATING);

    assertThat(settling.settleAll().settled()).hasSize(2);

    assertThat(rows.query("select id from volume")).isEmpty();
  }

  /** It can be had back, from wherever it is. */
  @Test
  void aCreationIsNotTakenBackThatWasDeletedOrSetAsideSince() {
    for (String where : List.of(".trash", ".quarantine")) {
      Volume data = create("data");
      Path moved = Path.of(config.volumesDirectory(), where, data.getId());
      Shell.ok("mv", "-T", data.getPath(), moved.toString());
      rows.change(CREATING);

      settling.settleAll();
      fix();

      assertThat(get("data").getStatus()).isEqualTo("lost");
      admin.recover(RecoverRequest.newBuilder().setCarryOut(true).build());
      assertThat(get("data").getStatus()).isEqualTo("available");
      assertThat(moved).doesNotExist();
      delete("data");
    }
  }

  /** Whoever had it back after the copy finds it in the trash, and not purged. */
  @Test
  void aDeletionIsFinishedWithAWholeRetention() throws IOException {
    Files.writeString(Path.of(create("data").getPath(), "kept"), "kept");
    for (String span : List.of("10 days", "0 s")) {
      rows.change(
          "update volume set state = 'DELETING', deleted_at = now() - interval '30 days',"
              + " purge_after = now() - interval '30 days' + interval '"
              + span
              + "'");

      settling.settleAll();
      admin.sweep(SweepRequest.newBuilder().setKind(SweepRequest.Kind.TRASH).build());

      assertThat(rows.query("select purge_after > now() + interval '59 minutes' from volume"))
          .containsExactly("t");
      String id = rows.query("select id from volume").getFirst();
      assertThat(Path.of(config.volumesDirectory(), ".trash", id, "kept")).hasContent("kept");
    }
  }

  /** It has been purged since, and its name is another one's by now: it cannot even be lost. */
  @Test
  void aDeletionWithoutDataAndNameIsTheEnd() {
    Volume gone = create("data");
    Shell.ok("btrfs", "subvolume", "delete", gone.getPath());
    rows.change("update volume set state = 'DELETING', deleted_at = now(), purge_after = now()");
    Volume other = create("data");

    settling.settleAll();
    settling.settleAll();

    assertThat(rows.query("select id from volume")).containsExactly(other.getId());
    assertThat(findings()).isEmpty();
  }

  @Test
  void aDeletionWithoutRetentionThatWasInterruptedIsFinishedAtOnce() {
    create("data");
    rows.change("update volume set state = 'DELETING', deleted_at = now(), purge_after = now()");

    settling.settleAll();
    admin.sweep(SweepRequest.newBuilder().setKind(SweepRequest.Kind.TRASH).build());

    assertThat(rows.query("select id from volume")).isEmpty();
  }
}
