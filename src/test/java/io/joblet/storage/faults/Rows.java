package io.joblet.storage.faults;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The database, by plain SQL as the person sees it whom the connection file is written for. */
final class Rows implements AutoCloseable {
  private final Connection connection;

  private Rows(Connection connection) {
    this.connection = connection;
  }

  static Rows of(Installation installation) throws IOException, SQLException {
    return of(installation, connection(installation).getProperty("user"));
  }

  static Rows of(Installation installation, String user) throws IOException, SQLException {
    return new Rows(
        DriverManager.getConnection(
            connection(installation).getProperty("url"), user, password(installation, user)));
  }

  /** What the connection file says. */
  static Properties connection(Installation installation) throws IOException {
    Properties file = new Properties();
    try (Reader reader = Files.newBufferedReader(installation.postgres().resolve("connection"))) {
      file.load(reader);
    }
    return file;
  }

  /** Writes such a file for an installation whose database another one holds. */
  static void describe(Installation installation, Installation holder, String url)
      throws IOException {
    Properties file = connection(holder);
    file.setProperty("url", url);
    Files.createDirectories(installation.postgres());
    try (Writer writer = Files.newBufferedWriter(installation.postgres().resolve("connection"))) {
      file.store(writer, null);
    }
    Files.copy(holder.postgres().resolve("pgpass"), installation.postgres().resolve("pgpass"));
  }

  static String password(Installation installation, String user) throws IOException {
    Path file = installation.postgres().resolve("pgpass");
    return Files.readAllLines(file).stream()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length == 5 && fields[3].equals(user))
        .map(fields -> fields[4])
        .findFirst()
        .orElseThrow();
  }

  /** Every row, each as its columns in order; null is an empty text. */
  List<Map<String, String>> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<Map<String, String>> rows = new ArrayList<>();
      while (result.next()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          String value = result.getString(i);
          row.put(result.getMetaData().getColumnName(i), value == null ? "" : value);
        }
        rows.add(row);
      }
      return rows;
    }
  }

  int update(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
