package io.joblet.storage.service;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** The database as an operator sees it, in sessions of the daemon's incarnation. */
@ApplicationScoped
class Rows {
  private static final List<String> TABLES =
      List.of(
          "volume", "job", "attachment", "attachment_history", "host_operation", "request", "node");

  private final DataSource source;

  Rows(DataSource source) {
    this.source = source;
  }

  Connection connect() throws SQLException {
    return source.getConnection();
  }

  /** The first column. */
  List<String> query(String sql, Object... arguments) {
    try (Connection connection = connect();
        PreparedStatement statement = prepare(connection, sql, arguments);
        ResultSet rows = statement.executeQuery()) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  long count(String sql, Object... arguments) {
    return Long.parseLong(query(sql, arguments).getFirst());
  }

  int change(String sql, Object... arguments) {
    try (Connection connection = connect();
        PreparedStatement statement = prepare(connection, sql, arguments)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** Rows of each table. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    TABLES.forEach(table -> counts.put(table, count("select count(*) from " + table)));
    return counts;
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... arguments)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }
}
