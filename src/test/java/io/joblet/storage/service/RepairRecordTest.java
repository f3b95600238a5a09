package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.Finding;
import io.joblet.storage.v1.Volume;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whatever the doctor did to the host can be read afterwards in host_operation. */
@QuarkusTest
class RepairRecordTest extends ServiceTest {
  private static final String RECORD =
      """
      select concat_ws(' ', outcome, duration_us >= 0, volume_id, volume_name, owner, job_name, principal,
          steps -> 0 ->> 'outcome')
      from host_operation where kind = ? order by id desc limit 1\
      """;

  @Test
  void recordsAStrangerSetAside() throws IOException {
    UUID id = UUID.randomUUID();
    Path stranger = Files.createDirectory(pool().resolve(id.toString()));
    try {
      assertThat(fix()).allMatch(Finding::getFixed);

      assertThat(latest("quarantine")).isEqualTo("DONE t " + id + " daemon APPLIED");
      assertThat(step("quarantine"))
          .startsWith("Move")
          .contains(stranger.getFileName().toString(), ".quarantine/" + id);
    } finally {
      Files.delete(pool().resolve(".quarantine/" + id));
    }
  }

  @Test
  void recordsAStrangerThatCouldNotBeSetAside() throws IOException {
    Path stranger = Files.createDirectory(pool().resolve("stranger"));
    Path aside = Files.createDirectories(pool().resolve(".quarantine/stranger"));
    try {
      assertThat(fix()).extracting(Finding::getFixed).containsOnly(false);

      assertThat(latest("quarantine")).contains("t daemon FAILED");
      assertThat(
              rows.query("select error from host_operation where kind = 'quarantine' order by id"))
          .last()
          .asString()
          .contains("stranger");
    } finally {
      Files.delete(stranger);
      Files.delete(aside);
    }
  }

  @Test
  void recordsAGroupRemoved() {
    Shell.ok("btrfs", "qgroup", "create", "1/99998", config.volumesDirectory());

    assertThat(fix()).allMatch(Finding::getFixed);

    assertThat(latest("remove-qgroup")).isEqualTo("DONE t daemon APPLIED");
    assertThat(step("remove-qgroup")).isEqualTo("RemoveQgroup[qgroup=99998]");
  }

  @Test
  void recordsDataBroughtBackToTheTrash() {
    Volume data = create("data");
    delete("data");
    Shell.ok("mv", "-T", pool() + "/.trash/" + data.getId(), data.getPath());

    assertThat(fix()).extracting(Finding::getKind).containsExactly("not-in-trash");

    assertThat(latest("repair-trash"))
        .isEqualTo("DONE t " + data.getId() + " data root daemon APPLIED");
  }

  @Test
  void recordsALimitSetAgain() {
    Volume data = create("data");
    String group = "1/" + rows.query("select qgroup from volume").getFirst();
    Shell.ok("btrfs", "qgroup", "limit", "1G", group, config.volumesDirectory());

    assertThat(fix()).allMatch(Finding::getFixed);

    assertThat(latest("repair-limit")).startsWith("DONE t " + data.getId() + " data root daemon");
  }

  @Test
  void recordsAMountPutBack() {
    Volume data = create("data");
    Shell.ok("umount", attach("data", "job").getHostPath());

    assertThat(fix()).allMatch(Finding::getFixed);

    assertThat(latest("repair-attachment"))
        .isEqualTo("DONE t " + data.getId() + " data root job daemon APPLIED");
  }

  @Test
  void recordsAStageTakenDown() {
    Volume cache = create(wantedInMemory("cache"));
    Path path = Path.of(attach("cache", "job").getHostPath());
    Shell.ok("umount", path.toString());
    Shell.ok(
        "rm", "-d", path.toString(), path.getParent().toString(), config.jobsDirectory() + "/job");
    rows.change("delete from attachment");
    rows.change("update volume set held_as = null");

    assertThat(fix()).allMatch(Finding::getFixed);

    assertThat(latest("repair-stage"))
        .isEqualTo("DONE t " + cache.getId() + " cache root daemon UNDONE");
  }

  private Path pool() {
    return Path.of(config.volumesDirectory());
  }

  private String latest(String kind) {
    return rows.query(RECORD, kind).getFirst();
  }

  private String step(String kind) {
    return rows.query(
            "select steps -> 0 ->> 'step' from host_operation where kind = ? order by id desc limit 1",
            kind)
        .getFirst();
  }
}
