package io.joblet.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What tests of the embedded PostgreSQL share. */
final class TestPostgres {
  static final int UID = 64747;
  static final Duration LIMIT = Duration.ofMinutes(2);

  private TestPostgres() {}

  static EmbeddedPostgres start(Path state) throws InterruptedException {
    return EmbeddedPostgres.start(state.resolve("postgres"), UID, LIMIT);
  }

  /**
   * As after a first start and a stop: a copy of what one real first start made, since making it
   * takes seconds.
   */
  static void prepare(Path state) throws IOException, InterruptedException {
    open(state);
    String copied = run("cp", "-a", Template.directory().toString(), state.toString());
    if (!copied.equals("0")) {
      throw new IOException("copy the template: " + copied);
    }
  }

  /** Made by the first test that needs it, removed at the end of the test run. */
  private static final class Template {
    private static Path directory;

    private Template() {}

    static synchronized Path directory() throws IOException, InterruptedException {
      if (directory == null) {
        Path made = untilTheEnd("joblet-postgres-template-");
        open(made);
        start(made).stop();
        directory = made.resolve("postgres");
      }
      return directory;
    }
  }

  /** A new directory that is removed at the end of the test run. */
  static Path untilTheEnd(String prefix) throws IOException {
    Path made = Files.createTempDirectory(prefix);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made)));
    return made;
  }

  private static void remove(Path made) {
    try {
      Durable.deleteTree(made);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the server's uid pass through a directory that JUnit made for root alone. */
  static void open(Path temporary) throws IOException {
    Files.setPosixFilePermissions(temporary, fromString("rwx--x--x"));
  }

  static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = Connect.to(postgres.access());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static List<String> query(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = Connect.to(postgres.access());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  /** What the command printed on both streams, with its exit status as the last line. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return output + process.waitFor();
  }
}
