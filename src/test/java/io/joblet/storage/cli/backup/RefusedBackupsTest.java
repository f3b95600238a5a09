package io.joblet.storage.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not backed up, and where to. */
class RefusedBackupsTest {
  @TempDir Path directory;
  private Path file;
  private StoppedInstallation installation;

  @BeforeEach
  void makeADatabase() throws IOException {
    file = directory.resolve("file");
    installation = StoppedInstallation.make(directory.resolve("state"), "mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/PG_VERSION", "data/global/pg_control", "pgpass"})
  void areThoseOfNoWholeDatabase(String name) throws IOException {
    Path missing = installation.postgres().resolve(name);
    Files.delete(missing);
    refused(missing + " is no file: there is no whole database");

    Files.createDirectory(missing);
    refused(missing + " is no file: there is no whole database");
    assertThat(directory.toFile().list()).containsExactly("state");
  }

  @ParameterizedTest
  @ValueSource(strings = {"state/postgres/data/self", "link/self", "state/postgres/data/base/self"})
  @Timeout(10)
  void areThoseThatWouldHoldThemselves(String name) throws IOException {
    Files.createSymbolicLink(directory.resolve("link"), installation.data());
    file = directory.resolve(name);

    refused(
        file + " would be in " + installation.data() + ", which is backed up; name one elsewhere");
    assertThat(installation.data().toFile().list())
        .containsExactlyInAnyOrder("PG_VERSION", "base", "empty", "global");
  }

  @Test
  void leaveAloneWhatLiesWhereTheyAreWritten() throws IOException {
    Path unfinished = directory.resolve("file.unfinished");
    Files.writeString(unfinished, "mine");
    refused(unfinished + " exists: ");
    assertThat(unfinished).hasContent("mine");

    Files.delete(unfinished);
    Files.createDirectory(unfinished);
    refused(unfinished + " exists: ");
    assertThat(unfinished).isEmptyDirectory();
  }

  @Test
  void sayWhatToDoWhereTheServerWasNotShutDown() throws IOException {
    Files.writeString(installation.data().resolve("postmaster.pid"), "4194304\n");

    refused("Start the daemon and stop it once before");
    refused("where it cannot start, see docs/recovery.md");
  }

  @Test
  void sayWhichFileCouldNotBeWritten() throws Exception {
    assertThat(installation.admin(List.of("prlimit", "--fsize=100"), "backup", file))
        .contains("the backup was not made: " + file + ".unfinished: File too large");
    assertThat(directory.toFile().list()).containsExactly("state");
  }

  private void refused(String message) {
    assertThatThrownBy(() -> installation.backups().make(file))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining(message);
  }
}
