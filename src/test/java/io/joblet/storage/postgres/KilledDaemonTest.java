package io.joblet.storage.postgres;

import static io.joblet.storage.postgres.TestPostgres.execute;
import static io.joblet.storage.postgres.TestPostgres.query;
import static io.joblet.storage.postgres.TestPostgres.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of a process that runs a server and writes to it without a pause. */
class KilledDaemonTest {
  @TempDir Path state;

  @BeforeEach
  void letTheServerPass() throws Exception {
    TestPostgres.prepare(state);
  }

  @Test
  void takesItsServerWithItAndLosesNoAcknowledgedRow() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    Process daemon =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                state.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = daemon.inputReader()) {
      while (acknowledged.size() < 200) {
        acknowledged.add(output.readLine());
      }
      // Not destroyForcibly, which closes the stream that still holds acknowledgements.
      Signal.KILL.send(daemon.pid());
      output.lines().filter(line -> line.endsWith(".")).forEach(acknowledged::add);
    } finally {
      daemon.destroyForcibly().waitFor();
    }
    Survivors survivors = new Survivors(state.resolve("postgres/data"));
    await().atMost(Duration.ofSeconds(30)).until(() -> survivors.alive().isEmpty());
    try (EmbeddedPostgres postgres = start(state)) {
      assertThat(query(postgres, "SELECT number || '.' FROM written")).containsAll(acknowledged);
    }
  }

  /** Prints each number after the commit of its row was acknowledged. */
  static final class Writer {
    private Writer() {}

    public static void main(String... arguments) throws Exception {
      EmbeddedPostgres postgres = start(Path.of(arguments[0]));
      execute(postgres, "CREATE TABLE written (number int)");
      try (Connection connection = Connect.to(postgres.access());
          PreparedStatement insert =
              connection.prepareStatement("INSERT INTO written VALUES (?)")) {
        for (int number = 0; ; number++) {
          insert.setInt(1, number);
          insert.executeUpdate();
          System.out.println(number + ".");
        }
      }
    }
  }
}
