package io.joblet.storage.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a directory that looks like a database's, and files that are none. */
class BackupsTest {
  private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");

  @TempDir Path directory;
  private StoppedInstallation installation;
  private Path postgres;
  private Path file;
  private Backups backups;

  @BeforeEach
  void makeADatabase() throws IOException {
    installation = StoppedInstallation.make(directory.resolve("state"), "secret");
    postgres = installation.postgres();
    file = directory.resolve("file");
    backups = installation.backups();
  }

  @Test
  void arePutBackAndTheFormerDatabaseIsKept() throws IOException {
    long bytes = backups.make(file);
    Files.writeString(postgres.resolve("data/PG_VERSION"), "changed");
    Files.writeString(postgres.resolve("pgpass"), "changed");

    assertThat(backups.putBack(file, NOW).kept())
        .contains(postgres.resolve("before-20261125-200000"));

    assertThat(bytes).isEqualTo(Files.size(file));
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(postgres.resolve("data/PG_VERSION")).hasContent("18");
    assertThat(postgres.resolve("data/base/1/2")).hasBinaryContent(new byte[200_000]);
    assertThat(postgres.resolve("data/empty")).isEmptyDirectory();
    assertThat(postgres.resolve("pgpass")).hasContent("secret");
    assertThat(StoppedInstallation.owner(postgres.resolve("data/base/1/2"))).isEqualTo(64747);
    assertThat(StoppedInstallation.owner(postgres.resolve("pgpass"))).isEqualTo(0);
    assertThat(postgres.resolve("before-20261125-200000/data/PG_VERSION")).hasContent("changed");
    assertThat(postgres.resolve("before-20261125-200000/pgpass")).hasContent("changed");
    assertThat(installation.names()).containsExactly("before-20261125-200000", "data", "pgpass");
  }

  @Test
  void refusesToReplaceAFile() throws IOException {
    Files.writeString(file, "mine");

    assertThatThrownBy(() -> backups.make(file)).isInstanceOf(BackupException.class);
    assertThat(file).hasContent("mine");
  }

  @Test
  void leavesNoHalfOfAFile() throws IOException {
    Files.createSymbolicLink(postgres.resolve("data/link"), Path.of("/etc"));

    assertThatThrownBy(() -> backups.make(file)).hasMessageContaining("no regular file");
    assertThat(directory.toFile().list()).containsExactly("state");
  }

  @Test
  void refusesWhileADaemonHasTheLock() throws IOException {
    backups.make(file);
    try (StoppedDatabase held = StoppedDatabase.hold(directory.resolve("state"))) {
      assertThatThrownBy(() -> backups.putBack(file, NOW)).hasMessageContaining("stop it first");
      assertThatThrownBy(() -> backups.make(directory.resolve("other")))
          .hasMessageContaining("stop it first");
    }
  }

  @Test
  void arePutBackWhereThereIsNoDatabase() throws IOException {
    backups.make(file);
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/postgres"));

    assertThat(new Backups(directory.resolve("elsewhere")).putBack(file, NOW).kept()).isEmpty();

    assertThat(StoppedInstallation.pair(elsewhere)).containsExactly("secret", "secret");
    assertThat(StoppedInstallation.owner(elsewhere.resolve("data"))).isEqualTo(64747);
    assertThat(elsewhere.toFile().list()).containsExactlyInAnyOrder("data", "pgpass", "lock");
  }

  @Test
  void saysThatAnExternalDatabaseIsOthersBusiness() {
    assertThatThrownBy(() -> new Backups(directory.resolve("nowhere")).make(file))
        .hasMessageContaining("pg_dump");
  }

  @Test
  void refusesDamageAndCutsAndChangesNothing() throws IOException {
    backups.make(file);
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      refused(damaged);
      refused(java.util.Arrays.copyOf(whole, at));
    }
    assertThat(installation.names()).containsExactly("data", "pgpass");
  }

  private void refused(byte[] content) throws IOException {
    Files.write(file, content);
    assertThatThrownBy(() -> backups.putBack(file, NOW)).isInstanceOf(BackupException.class);
  }
}
