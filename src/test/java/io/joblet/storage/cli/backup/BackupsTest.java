package io.joblet.storage.cli.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of a directory that looks like a database's, and files that are none. */
class BackupsTest {
  private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");

  @TempDir Path directory;
  private Path postgres;
  private Path file;
  private Backups backups;

  @BeforeEach
  void makeADatabase() throws IOException {
    postgres = Files.createDirectories(directory.resolve("state/postgres"));
    Files.createDirectories(postgres.resolve("data/base/1"));
    Files.createDirectory(postgres.resolve("data/empty"));
    Files.write(postgres.resolve("data/base/1/2"), new byte[200_000]);
    Files.writeString(postgres.resolve("data/PG_VERSION"), "18\n");
    Files.writeString(postgres.resolve("pgpass"), "secret");
    Files.setAttribute(postgres.resolve("data"), "unix:uid", 64747);
    file = directory.resolve("file");
    backups = new Backups(directory.resolve("state"));
  }

  @Test
  void arePutBackAndTheFormerDatabaseIsKept() throws IOException {
    long bytes = backups.make(file);
    Files.writeString(postgres.resolve("data/PG_VERSION"), "changed");
    Files.writeString(postgres.resolve("pgpass"), "changed");

    assertThat(backups.putBack(file, NOW))
        .containsExactly(
            postgres.resolve("data.before-20261125-200000"),
            postgres.resolve("pgpass.before-20261125-200000"));

    assertThat(bytes).isEqualTo(Files.size(file));
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(postgres.resolve("data/PG_VERSION")).hasContent("18");
    assertThat(postgres.resolve("data/base/1/2")).hasBinaryContent(new byte[200_000]);
    assertThat(postgres.resolve("data/empty")).isEmptyDirectory();
    assertThat(postgres.resolve("pgpass")).hasContent("secret");
    assertThat(Files.getAttribute(postgres.resolve("data/base/1/2"), "unix:uid")).isEqualTo(64747);
    assertThat(Files.getAttribute(postgres.resolve("pgpass"), "unix:uid")).isEqualTo(0);
    assertThat(postgres.resolve("data.before-20261125-200000/PG_VERSION")).hasContent("changed");
    assertThat(postgres.resolve("restoring")).doesNotExist();
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
  void refusesADatabaseThatWasNotShutDown() throws IOException {
    Files.writeString(postgres.resolve("data/postmaster.pid"), "4194304\n");

    assertThatThrownBy(() -> backups.make(file)).hasMessageContaining("start it and stop it once");
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
    assertThat(postgres.toFile().list()).containsExactlyInAnyOrder("data", "pgpass", "lock");
  }

  private void refused(byte[] content) throws IOException {
    Files.write(file, content);
    assertThatThrownBy(() -> backups.putBack(file, NOW)).isInstanceOf(BackupException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../pgpass",
        "data/../../x",
        "/etc/x",
        "other",
        "data/",
        "data//x",
        "data/./x",
        "data/.."
      })
  void refusesAnEntryThatLeadsElsewhere(String name) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write("joblet-database 1\n".getBytes(US_ASCII));
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
      out.writeInt(0);
      out.writeUTF(name);
      out.writeLong(0);
      out.writeUTF("");
    }
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    bytes.write(("\nsha256:" + HexFormat.of().formatHex(sum) + "\n").getBytes(US_ASCII));
    Files.write(file, bytes.toByteArray());

    assertThatThrownBy(() -> backups.putBack(file, NOW)).hasMessageContaining("none of its own");

    assertThat(postgres.resolve("data/PG_VERSION")).hasContent("18");
    assertThat(directory.toFile().list()).containsExactlyInAnyOrder("state", "file");
  }
}
