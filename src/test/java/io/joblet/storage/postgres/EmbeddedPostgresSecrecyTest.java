package io.joblet.storage.postgres;

import static io.joblet.storage.postgres.TestPostgres.open;
import static io.joblet.storage.postgres.TestPostgres.run;
import static io.joblet.storage.postgres.TestPostgres.start;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets at the rows and the passwords: nobody but root. */
class EmbeddedPostgresSecrecyTest {
  private static final String[] AS_NOBODY = {
    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"
  };

  @TempDir static Path state;
  private static EmbeddedPostgres postgres;
  private static List<String> passwords;

  @BeforeAll
  static void startServer() throws Exception {
    open(state);
    postgres = start(state);
    Passwords read = Passwords.read(root().resolve("pgpass"));
    passwords = List.of(read.of("postgres"), read.of("joblet"));
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (postgres != null) {
      postgres.stop();
    }
  }

  @Test
  void letsNoOtherUserReadDataLogsOrPasswords() throws Exception {
    for (String file : List.of("data/PG_VERSION", "pgpass", "connection", "log/.", "lock")) {
      Path path = root().resolve(file);
      assertThat(run("cat", path.toString())).doesNotContain("No such file");
      assertThat(asNobody("cat", path.toString())).as(file).contains("Permission denied");
    }
    assertThat(asNobody("ls", root().toString())).contains("Permission denied");
  }

  @Test
  void givesFilesTheModesTheyNeedAndNoMore() throws Exception {
    assertThat(mode("")).isEqualTo("0 rwx--x--x");
    assertThat(mode("data")).isEqualTo("64747 rwx------");
    assertThat(mode("log")).isEqualTo("64747 rwx------");
    assertThat(mode("dist-18.6.0")).isEqualTo("0 rwxr-xr-x");
    assertThat(mode("pgpass")).isEqualTo("0 rw-------");
    assertThat(mode("connection")).isEqualTo("0 rw-------");
  }

  @Test
  void refusesConnectionsWithoutTheRightPassword() {
    for (String password : List.of("", "wrong")) {
      for (String user : List.of("joblet", "postgres")) {
        DatabaseAccess access =
            new DatabaseAccess(
                postgres.access().url(),
                Optional.of(user),
                Optional.of(password),
                postgres.access().driverProperties());
        assertThatThrownBy(() -> Connect.to(access).close()).isInstanceOf(SQLException.class);
      }
    }
  }

  @Test
  void showsNoPasswordInAnyCommandLineEnvironmentOrLog() throws Exception {
    List<Path> places = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .forEach(process -> {
            places.add(process.resolve("cmdline"));
            places.add(process.resolve("environ"));
          });
    }
    try (Stream<Path> files = Files.walk(root())) {
      files
          .filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(root().resolve("dist-18.6.0")))
          .filter(file -> !file.equals(root().resolve("pgpass")))
          .forEach(places::add);
    }
    assertThat(places).contains(Path.of("/proc/" + postgres.pid() + "/environ"));
    for (Path place : places) {
      assertThat(content(place)).as(place.toString()).doesNotContain(passwords);
    }
    assertThat(postgres.access().toString()).doesNotContain(passwords);
  }

  @Test
  void givesTheServerNothingOfTheDaemonsEnvironment() {
    assertThat(content(Path.of("/proc/" + postgres.pid() + "/environ")).split("\0"))
        .containsExactlyInAnyOrder("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC");
  }

  /** Any local process may listen on the port while the server is down. */
  @Test
  void givesNoPasswordToAnImpostorThatAsksForIt() throws Exception {
    try (ServerSocket impostor = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      CompletableFuture<String> received =
          CompletableFuture.supplyAsync(() -> askForClearText(impostor));
      DatabaseAccess real = postgres.access();
      DatabaseAccess fooled =
          new DatabaseAccess(
              ConnectionFile.url(impostor.getLocalPort()),
              real.username(),
              real.password(),
              real.driverProperties());
      assertThatThrownBy(() -> Connect.to(fooled).close()).isInstanceOf(SQLException.class);
      assertThat(received.join()).contains("joblet").doesNotContain(passwords);
    }
  }

  private static String askForClearText(ServerSocket impostor) {
    try (Socket client = impostor.accept();
        OutputStream out = client.getOutputStream()) {
      byte[] startup = new byte[1024];
      int length = client.getInputStream().read(startup);
      // AuthenticationCleartextPassword of the protocol: 'R', length 8, code 3.
      out.write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 3});
      out.flush();
      String answer = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
      return new String(startup, 0, length, ISO_8859_1) + answer;
    } catch (IOException e) {
      return "joblet hung up: " + e.getMessage();
    }
  }

  private static String asNobody(String... command) throws Exception {
    return run(Stream.of(AS_NOBODY, command).flatMap(Stream::of).toArray(String[]::new));
  }

  private static String mode(String name) throws IOException {
    Path path = root().resolve(name);
    return Durable.owner(path)
        + " "
        + PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static String content(Path file) {
    try {
      return new String(Files.readAllBytes(file), ISO_8859_1);
    } catch (IOException processEnded) {
      return "";
    }
  }

  private static Path root() {
    return state.resolve("postgres");
  }
}
