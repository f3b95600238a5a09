package io.joblet.storage.cli.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.linux.Shell;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose checksum fits and that are not put back all the same, and places without room. */
class RefusedRestoresTest {
  private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");
  private static final String VERSION = "data/PG_VERSION";
  private static final String CONTROL = "data/global/pg_control";

  @TempDir Path directory;
  private Path file;
  private StoppedInstallation installation;

  @BeforeEach
  void makeADatabase() throws IOException {
    file = directory.resolve("file");
    installation = StoppedInstallation.make(directory.resolve("state"), "former");
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
  void areThoseOfAnEntryThatLeadsElsewhere(String name) throws Exception {
    write("pgpass", name);

    refused("none of its own");
  }

  static Stream<Arguments> withoutADatabase() {
    return Stream.of(
        Arguments.of("pgpass", new String[] {}),
        Arguments.of(VERSION, new String[] {"pgpass"}),
        Arguments.of(VERSION, new String[] {"pgpass", "+data"}),
        Arguments.of(CONTROL, new String[] {"pgpass", "+data", VERSION}),
        Arguments.of(
            CONTROL, new String[] {"pgpass", "+data", VERSION, "+data/global", "+" + CONTROL}),
        Arguments.of(
            "pgpass", new String[] {"+pgpass", "+data", VERSION, "+data/global", CONTROL}));
  }

  @ParameterizedTest
  @MethodSource("withoutADatabase")
  void areThoseWithoutAWholeDatabase(String missing, String... entries) throws Exception {
    write(entries);

    refused(file + " holds no whole database: it has no file '" + missing + "'");
  }

  @Test
  void areThoseOfEntriesThatHaveNoPlace() throws Exception {
    write("pgpass", "+data", VERSION, "+data/global", CONTROL, "data/x/y");
    refused(file + " was not written by rnx: it has an entry 'data/x/y' out of place");

    write("pgpass", "+data", VERSION, "+data/global", CONTROL, VERSION);
    refused("an entry '" + VERSION + "' out of place");
  }

  @Test
  void areThoseThatEndTooEarly() throws Exception {
    close(new ByteArrayOutputStream());
    refused(file + " was not written by rnx: what is packed in it cannot be read");

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
      out.writeInt(0);
      out.writeUTF("pgpass");
      out.writeLong(Long.MAX_VALUE);
    }
    close(bytes);
    refused(file + " was not written by rnx: what is packed in it cannot be read");
  }

  @Test
  @Timeout(10)
  void areThoseOfNoFile() throws IOException {
    file = directory;
    refused(file + " is no regular file");

    file = directory.resolve("fifo");
    Shell.ok("mkfifo", file.toString());
    refused(file + " is no regular file");
  }

  @Test
  void sayHowMuchRoomIsNeeded() throws Exception {
    installation.backups().make(file);
    Path small = Files.createDirectory(directory.resolve("small"));
    Shell.ok("mount", "-t", "tmpfs", "-o", "size=300k", "joblet-test", small.toString());
    try {
      Path postgres = Files.createDirectory(small.resolve("postgres"));
      Files.write(postgres.resolve("full"), new byte[200_000]);

      assertThatThrownBy(() -> new Backups(small).putBack(file, NOW))
          .isInstanceOf(BackupException.class)
          .hasMessageStartingWith(postgres + " has room for ")
          .hasMessageContaining("takes ");

      assertThat(postgres.toFile().list()).containsExactlyInAnyOrder("full", "lock");
    } finally {
      Shell.ok("umount", small.toString());
    }
  }

  @Test
  void givesTheFilesToTheOwnerThatTheServerHasOnThisHost() throws Exception {
    installation.backups().make(file);
    Path log = Files.createDirectory(installation.postgres().resolve("log"));
    Files.setAttribute(log, "unix:uid", 64748);

    installation.backups().putBack(file, NOW);

    assertThat(StoppedInstallation.owner(installation.data())).isEqualTo(64748);
    assertThat(StoppedInstallation.owner(installation.data().resolve("base/1/2"))).isEqualTo(64748);
    assertThat(StoppedInstallation.owner(installation.passwords())).isEqualTo(0);
  }

  /** Empty files, and directories where a plus is before the name. */
  private void write(String... names) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(bytes))) {
      out.writeInt(StoppedInstallation.UID);
      for (String name : names) {
        out.writeUTF(name.replace("+", ""));
        out.writeLong(name.startsWith("+") ? -1 : 0);
      }
      out.writeUTF("");
    }
    close(bytes);
  }

  private void close(ByteArrayOutputStream packed) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write("joblet-database 1\n".getBytes(US_ASCII));
    bytes.write(packed.toByteArray());
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    bytes.write(("\nsha256:" + HexFormat.of().formatHex(sum) + "\n").getBytes(US_ASCII));
    Files.write(file, bytes.toByteArray());
  }

  private void refused(String message) throws IOException {
    assertThatThrownBy(() -> installation.backups().putBack(file, NOW))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining(message);
    assertThat(StoppedInstallation.pair(installation.postgres()))
        .containsExactly("former", "former");
    assertThat(installation.names()).containsExactly("data", "pgpass");
  }
}
