package io.joblet.storage.postgres;

import static io.joblet.storage.postgres.TestPostgres.execute;
import static io.joblet.storage.postgres.TestPostgres.query;
import static io.joblet.storage.postgres.TestPostgres.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.joblet.storage.cli.backup.Backups;
import io.joblet.storage.host.linux.Shell;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts, restarts and refusals, with the real server. */
class EmbeddedPostgresIT {
  @TempDir Path state;

  @BeforeEach
  void letTheServerPass() throws Exception {
    TestPostgres.prepare(state);
  }

  @Test
  void keepsRowsAndPortOverARestart() throws Exception {
    String url;
    try (EmbeddedPostgres first = start(state)) {
      url = first.access().url();
      execute(first, "CREATE TABLE kept AS SELECT 'here' AS word");
    }
    try (EmbeddedPostgres second = start(state)) {
      assertThat(second.access().url()).isEqualTo(url);
      assertThat(query(second, "SELECT word FROM kept")).containsExactly("here");
    }
  }

  @Test
  void servesAnOwnerWhoIsNoSuperuserInTheSettingsThatDurabilityNeeds() throws Exception {
    try (EmbeddedPostgres postgres = start(state)) {
      assertThat(query(postgres, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
          .containsExactly("f");
      assertThat(
              query(
                  postgres,
                  "SELECT name || '=' || setting FROM pg_settings WHERE name IN ('fsync',"
                      + " 'full_page_writes', 'synchronous_commit', 'data_checksums',"
                      + " 'listen_addresses') ORDER BY name"))
          .containsExactly(
              "data_checksums=on",
              "fsync=on",
              "full_page_writes=on",
              "listen_addresses=127.0.0.1",
              "synchronous_commit=on");
      assertThat(Files.readString(Path.of("/proc/net/unix")))
          .doesNotContain(".s.PGSQL." + URI.create(postgres.access().url().substring(5)).getPort());
    }
  }

  @Test
  void leavesNoProcessAfterAStop() throws Exception {
    EmbeddedPostgres postgres = start(state);
    Survivors survivors = new Survivors(data());
    assertThat(survivors.alive()).contains(postgres.pid());
    postgres.stop();
    assertThat(survivors.alive()).isEmpty();
    postgres.stop();
  }

  @Test
  void refusesASecondStarterAndLeavesTheFirstAlone() throws Exception {
    try (EmbeddedPostgres first = start(state)) {
      assertThatThrownBy(() -> start(state))
          .isInstanceOf(PostgresException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid() + " has it already");
      assertThat(query(first, "SELECT 1")).containsExactly("1");
    }
  }

  /** A server that cannot write its log ends without a word. */
  @Test
  void saysThatTheDiskIsFullWhereTheServerSaidNothing() throws Exception {
    Path small = Files.createDirectory(state.resolve("small"));
    Shell.ok("mount", "-t", "tmpfs", "-o", "size=1m", "joblet-test", small.toString());
    try {
      PostgresDirectory directory = new PostgresDirectory(small);
      Files.createDirectory(directory.data());
      Files.createFile(directory.startLog());

      assertThat(LogTail.ofServer(directory, Instant.now()))
          .contains("its file system has only")
          .contains("bytes left");
      assertThat(LogTail.ofServer(new PostgresDirectory(state.resolve("postgres")), Instant.now()))
          .doesNotContain("bytes left");
    } finally {
      Shell.ok("umount", small.toString());
    }
  }

  @Test
  void startsAgainOnTheSamePortWhenTheServerIsKilled() throws Exception {
    try (EmbeddedPostgres postgres = start(state)) {
      execute(postgres, "CREATE TABLE kept AS SELECT 'here' AS word");
      long killed = postgres.pid();
      Signal.KILL.send(killed);
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .untilAsserted(
              () -> assertThat(query(postgres, "SELECT word FROM kept")).containsExactly("here"));
      assertThat(postgres.pid()).isNotEqualTo(killed);
    }
  }

  @Test
  void endsAServerThatSurvivedItsDaemonBeforeItStartsAnother() throws Exception {
    start(state).stop();
    Process orphan = orphan();
    try {
      assertThat(new Survivors(data()).alive()).contains(orphan.pid());
      try (EmbeddedPostgres postgres = start(state)) {
        assertThat(orphan.isAlive()).isFalse();
        assertThat(new Survivors(data()).alive()).contains(postgres.pid());
      }
    } finally {
      orphan.destroyForcibly().waitFor();
    }
  }

  @Test
  void leavesAProcessAloneThatTheStalePidFileNamesByChance() throws Exception {
    start(state).stop();
    // The server's own uid: PostgreSQL itself takes such a process for another postmaster.
    Process stranger =
        new ProcessBuilder(
                "setpriv", "--reuid=64747", "--regid=64747", "--clear-groups", "sleep", "600")
            .start();
    try {
      await().until(() -> Durable.owner(Path.of("/proc/" + stranger.pid())) == TestPostgres.UID);
      Path pidFile = Survivors.pidFile(data());
      Files.writeString(pidFile, stranger.pid() + "\n" + data() + "\n1\n24999\n\n127.0.0.1\n");
      Durable.own(pidFile, TestPostgres.UID);
      try (EmbeddedPostgres postgres = start(state)) {
        assertThat(query(postgres, "SELECT 1")).containsExactly("1");
        assertThat(stranger.isAlive()).isTrue();
      }
    } finally {
      stranger.destroyForcibly().waitFor();
    }
  }

  @Test
  void takesAnotherPortWhenItsFormerOneIsTaken() throws Exception {
    start(state).stop();
    int former = new ConnectionFile(state.resolve("postgres/connection")).lastPort();
    try (ServerSocket stranger = new ServerSocket(former, 1, InetAddress.ofLiteral("127.0.0.1"));
        EmbeddedPostgres postgres = start(state)) {
      assertThat(stranger.isBound()).isTrue();
      assertThat(postgres.access().url()).doesNotContain(":" + former + "/");
      assertThat(query(postgres, "SELECT 1")).containsExactly("1");
    }
  }

  @Test
  void finishesWhatAKillInTheFirstStartLeft() throws Exception {
    Path root = empty();
    Files.createDirectories(root.resolve("data.new/data/base"));
    Files.writeString(root.resolve("data.new/data/PG_VERSION"), "18\n");
    Files.createDirectories(root.resolve("dist-18.6.0.unpacking/bin"));
    Files.writeString(root.resolve("dist-18.6.0.unpacking/bin/postgres"), "half");
    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.start(root, TestPostgres.UID, TestPostgres.LIMIT)) {
      assertThat(query(postgres, "SELECT 1")).containsExactly("1");
      assertThat(root.resolve("data.new")).doesNotExist();
      assertThat(root.resolve("dist-18.6.0.unpacking")).doesNotExist();
    }
  }

  @Test
  void makesTheOwnersDatabaseAgainWhenAKillCameBeforeIt() throws Exception {
    try (EmbeddedPostgres postgres = start(state)) {
      DatabaseAccess owner = postgres.access();
      String superuser = Passwords.read(state.resolve("postgres/pgpass")).of("postgres");
      DatabaseAccess access =
          new DatabaseAccess(
              owner.url().replaceFirst("/joblet$", "/postgres"),
              Optional.of("postgres"),
              Optional.of(superuser),
              owner.driverProperties());
      try (var connection = Connect.to(access);
          var statement = connection.createStatement()) {
        statement.execute("DROP DATABASE joblet");
        statement.execute("DROP ROLE joblet");
      }
    }
    try (EmbeddedPostgres postgres = start(state)) {
      assertThat(query(postgres, "SELECT current_user")).containsExactly("joblet");
    }
  }

  @Test
  void refusesTheDataOfAnotherMajorVersion() throws Exception {
    start(state).stop();
    Files.writeString(data().resolve("PG_VERSION"), "16\n");
    assertThatThrownBy(() -> start(state))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("made by PostgreSQL 16, this daemon brings 18");
  }

  @Test
  void refusesDataOfAnotherUid() throws Exception {
    start(state).stop();
    assertThatThrownBy(
            () -> EmbeddedPostgres.start(state.resolve("postgres"), 64748, TestPostgres.LIMIT))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("belongs to uid 64747")
        .hasMessageContaining("joblet.database.embedded-uid is 64748")
        .hasMessageContaining("chown -R 64748:64748 " + data());
  }

  @Test
  void startsWithTheLogsOfAServerThatHadAnotherUid() throws Exception {
    EmbeddedPostgres first = start(state);
    first.stop();
    TestPostgres.run("chown", "-R", "64748:64748", state.resolve("postgres/log").toString());
    try (EmbeddedPostgres postgres = start(state)) {
      assertThat(query(postgres, "SELECT 1")).containsExactly("1");
    }
  }

  @Test
  void startsWithTheBackupOfAHostWhereItsUidIsAnother() throws Exception {
    Path backup = state.resolve("backup");
    new Backups(state).make(backup);
    Path log = Files.createDirectories(state.resolve("other/postgres/log"));
    TestPostgres.open(state.resolve("other"));
    Durable.own(log, 64748);

    new Backups(state.resolve("other")).putBack(backup, Instant.now());

    try (EmbeddedPostgres postgres =
        EmbeddedPostgres.start(log.getParent(), 64748, TestPostgres.LIMIT)) {
      assertThat(query(postgres, "SELECT 1")).containsExactly("1");
    }
  }

  @Test
  void refusesADirectoryThatHoldsNoDatabaseAndSaysWhatCanBeDone() throws Exception {
    Files.createDirectories(empty().resolve("data"));
    assertThatThrownBy(() -> EmbeddedPostgres.start(empty(), TestPostgres.UID, TestPostgres.LIMIT))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("it has no PG_VERSION; remove it if it is empty")
        .hasMessageContaining("docs/recovery.md");
  }

  @Test
  void refusesWhatAnInterruptedRestoreHasLeft() throws Exception {
    Files.createDirectories(empty().resolve("restoring/former"));
    assertThatThrownBy(() -> EmbeddedPostgres.start(empty(), TestPostgres.UID, TestPostgres.LIMIT))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("a restore was interrupted");
    assertThat(empty().resolve("data")).doesNotExist();
  }

  @Test
  void quotesTheServersLogWhenTheDataDirectoryIsBroken() throws Exception {
    start(state).stop();
    Files.delete(data().resolve("global/pg_control"));
    assertThatThrownBy(() -> start(state))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("ended with status")
        .hasMessageContaining("pg_control");
    // The lock is free again: the next refusal is about the same thing.
    assertThatThrownBy(() -> start(state)).hasMessageContaining("pg_control");
  }

  @Test
  void saysWhichDirectoryKeepsTheServersUidOut() throws Exception {
    Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
    assertThatThrownBy(() -> start(state))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("may not pass through " + state);
  }

  @Test
  void worksAsAUidThatIsInPasswd() throws Exception {
    int nobody = 65534;
    assertThat(Files.readAllLines(Path.of("/etc/passwd")))
        .anyMatch(line -> Arrays.asList(line.split(":")).get(2).equals("65534"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(empty(), nobody, TestPostgres.LIMIT)) {
      assertThat(query(postgres, "SELECT 1")).containsExactly("1");
      assertThat(Durable.owner(empty().resolve("data"))).isEqualTo(nobody);
    }
  }

  /** Where nothing was started yet. */
  private Path empty() {
    return state.resolve("empty");
  }

  private Path data() {
    return state.resolve("postgres/data");
  }

  /** A postmaster that no daemon watches, as if pdeathsig had not worked. */
  private Process orphan() throws Exception {
    Path root = state.resolve("postgres");
    Process orphan =
        new ProcessBuilder(
                "setpriv",
                "--reuid=64747",
                "--regid=64747",
                "--clear-groups",
                root.resolve("dist-18.6.0/bin/postgres").toString(),
                "-D",
                data().toString(),
                "-c",
                "config_file=" + root.resolve("server.conf"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    await()
        .until(() ->
            Files.exists(Survivors.pidFile(data()))
                && Files.readString(Survivors.pidFile(data())).contains("ready"));
    return orphan;
  }
}
