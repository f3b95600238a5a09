package io.joblet.storage.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user of the host who is not root can reach of the daemon: nothing. */
class SecrecyIT {
  private static final String NOBODY = "65534";

  @TempDir Path directory;
  private Installation installation;
  private Running daemon;
  private Path place;

  @BeforeEach
  void startAndAttach() throws Exception {
    installation = new Installation(directory);
    daemon = installation.start();
    daemon.client().create(Kind.BTRFS, "private", 8 << 20);
    place = daemon.client().attach("private", "job");
    Files.writeString(place.resolve("file"), "private");
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void letsNobodyConnectOrReadAnythingButRoot() throws Exception {
    assertThat(asNobody("cat", "/etc/hostname").status()).as("what others may").isZero();
    assertThat(connect().output()).contains("Permission denied");
    Path postgres = installation.postgres();
    for (Path hidden :
        List.of(
            installation.socket(),
            installation.volumes(),
            installation.jobs(),
            place,
            place.resolve("file"),
            installation.poolImage(),
            postgres.resolve("data"),
            postgres.resolve("data/PG_VERSION"),
            postgres.resolve("log"),
            postgres.resolve("connection"),
            postgres.resolve("pgpass"))) {
      assertThat(hidden).exists();
      Shell.Result result = asNobody("find", hidden.toString(), "-maxdepth", "1", "-readable");
      assertThat(result.output()).as(hidden.toString()).doesNotContain(hidden + "\n" + hidden);
      assertThat(asNobody("cat", hidden.toString()).output())
          .as(hidden.toString())
          .contains("Permission denied");
      assertThat(asNobody("ls", hidden.toString()).status() != 0 || Files.isRegularFile(hidden))
          .as(hidden.toString())
          .isTrue();
    }
  }

  @Test
  void showsNoPasswordInCommandLineOrEnvironment() throws Exception {
    List<String> passwords =
        List.of(Rows.password(installation, "joblet"), Rows.password(installation, "postgres"));
    int looked = 0;
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.toList()) {
        for (String file : List.of("cmdline", "environ")) {
          String text = read(process.resolve(file));
          looked += text.isEmpty() ? 0 : 1;
          assertThat(text).doesNotContain(passwords);
        }
      }
    }
    assertThat(looked).isGreaterThan(2);
    assertThat(installation.output()).doesNotContain(passwords);
  }

  @Test
  void listensByTcpOnLoopbackOnlyAndOnlyWithPostgresql() throws Exception {
    assertThat(TcpListeners.of(daemon.pid())).isEmpty();
    List<String> database = new ArrayList<>();
    for (long process : Installation.workingIn(installation.postgres().resolve("data"))) {
      database.addAll(TcpListeners.of(process));
    }
    // 127.0.0.1 in the kernel's order of bytes.
    assertThat(database).isNotEmpty().allMatch(address -> address.startsWith("0100007F:"));
  }

  @Test
  void makesSetuidProgramsAndDevicesOnVolumesInert() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.setPosixFilePermissions(outside, fromString("rwxr-xr-x"));
    for (Path at : List.of(outside, place)) {
      Shell.run("cp", "/usr/bin/id", at.resolve("id").toString());
      Shell.run("chmod", "4755", at.resolve("id").toString());
      Shell.run("mknod", "-m", "666", at.resolve("null").toString(), "c", "1", "3");
    }
    assertThat(asNobody(outside.resolve("id").toString(), "-u").output().strip())
        .as("outside of volumes it works")
        .isEqualTo("0");
    assertThat(Shell.attempt("cat", outside.resolve("null").toString()).status()).isZero();

    // As a job would see it: the mount bound to a place that others can reach.
    String view =
        "mount --bind "
            + place
            + " /mnt && setpriv --reuid "
            + NOBODY
            + " --regid "
            + NOBODY
            + " --clear-groups /mnt/id -u && cat /mnt/null";
    Shell.Result inside = Shell.attempt("unshare", "--mount", "sh", "-c", view);
    assertThat(inside.output().lines().findFirst()).contains(NOBODY);
    assertThat(inside.output()).contains("/mnt/null: Permission denied");
  }

  private Shell.Result asNobody(String... command) throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    all.addAll(List.of(command));
    return Shell.attempt(all.toArray(String[]::new));
  }

  private Shell.Result connect() throws IOException, InterruptedException {
    return asNobody(
        "perl",
        "-MSocket",
        "-e",
        "socket(S, AF_UNIX, SOCK_STREAM, 0) or die $!;"
            + "connect(S, sockaddr_un($ARGV[0])) or die $!; print 'connected'",
        installation.socket().toString());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, ISO_8859_1);
    } catch (IOException noProcess) {
      return "";
    }
  }
}
