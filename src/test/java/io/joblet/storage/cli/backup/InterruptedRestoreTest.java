package io.joblet.storage.cli.backup;

import static io.joblet.storage.cli.backup.StoppedInstallation.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.joblet.storage.host.linux.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database and its passwords stay together, wherever a restore ends. */
class InterruptedRestoreTest {
  private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");

  @TempDir Path directory;
  private Path file;
  private StoppedInstallation installation;

  @BeforeEach
  void makeADatabaseAndABackupOfAnother() throws IOException {
    file = directory.resolve("file");
    StoppedInstallation.make(directory.resolve("other"), "other").backups().make(file);
    installation = StoppedInstallation.make(directory.resolve("state"), "former");
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "pgpass"})
  void isRefusedWhereAMountIsInItsWay(String name) throws Exception {
    String there = installation.postgres().resolve(name).toString();
    Shell.ok("mount", "--bind", there, there);
    try {
      assertThatThrownBy(() -> installation.backups().putBack(file, NOW))
          .isInstanceOf(BackupException.class)
          .hasMessage(there + " is a mount point, which cannot be put aside; unmount it first");
    } finally {
      Shell.ok("umount", there);
    }
    assertNothingChanged();
  }

  @Test
  void isTakenBackWhereThePasswordsCannotBePutAside() throws Exception {
    Shell.ok("chattr", "+i", installation.passwords().toString());
    try {
      assertThatThrownBy(() -> installation.backups().putBack(file, NOW))
          .hasMessageContaining("Operation not permitted");
    } finally {
      Shell.ok("chattr", "-i", installation.passwords().toString());
    }
    assertNothingChanged();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void canBeCalledAgainAfterAKillAtRename(int nth) throws Exception {
    kill(nth);

    boolean halfDone = Files.exists(installation.postgres().resolve("restoring/former"));
    assertThat(halfDone).isTrue();
    assertThatThrownBy(() -> installation.backups().make(directory.resolve("mixed")))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("restore was interrupted");

    installation.backups().putBack(file, NOW);

    assertRestored();
  }

  /** Also what the second call puts back can be interrupted. */
  @Test
  void canBeCalledAgainAfterAKillWhileItIsTakenBack() throws Exception {
    kill(5);
    kill(3);

    installation.backups().putBack(file, NOW);

    assertRestored();
  }

  @Test
  void leavesNothingBehindWhereItCannotBeUnpacked() throws Exception {
    assertThat(installation.admin(List.of("prlimit", "--fsize=100000"), "restore", file))
        .contains("restoring/data/base/1/2: File too large");

    assertNothingChanged();
  }

  @Test
  void isDoneAndSaysSoWhereOnlyWhatIsLeftOverStays() throws Exception {
    assertThat(installation.admin(injecting("rmdir", "error=EIO"), "restore", file))
        .contains(
            "kept, with its passwords", "the backup was put back, but", "restoring could not");

    assertThat(pair(installation.postgres())).containsExactly("other", "other");
    assertThat(installation.names()).hasSize(4).contains("data", "pgpass", "restoring");
    installation.backups().putBack(file, NOW);
    assertThat(installation.names()).hasSize(4).doesNotContain("restoring");
  }

  private void kill(int nth) throws Exception {
    List<String> killed = injecting("rename", "signal=KILL:when=" + nth);
    assertThat(installation.admin(killed, "restore", file)).doesNotContain("next:");
  }

  private static List<String> injecting(String call, String what) {
    return List.of(
        "strace",
        "-f",
        "-qq",
        "-o",
        "/dev/null",
        "-e",
        "trace=" + call,
        "-e",
        "inject=" + call + ":" + what);
  }

  private void assertRestored() throws IOException {
    assertThat(pair(installation.postgres())).containsExactly("other", "other");
    assertThat(pair(installation.postgres().resolve("before-20261125-200000")))
        .containsExactly("former", "former");
    assertThat(installation.names()).containsExactly("before-20261125-200000", "data", "pgpass");
  }

  private void assertNothingChanged() throws IOException {
    assertThat(pair(installation.postgres())).containsExactly("former", "former");
    assertThat(installation.names()).containsExactly("data", "pgpass");
  }
}
