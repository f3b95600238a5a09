package io.joblet.storage.postgres;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * Makes the owner role and its database. Safe to repeat from wherever a kill interrupted it; costs
 * one connection when all is there.
 */
final class Bootstrap {
  static final String DATABASE = "joblet";

  /** invalid_password, invalid_authorization_specification, invalid_catalog_name. */
  private static final Set<String> NOT_THERE = Set.of("28P01", "28000", "3D000");

  private final DatabaseAccess owner;
  private final DatabaseAccess superuser;
  private final ReportRole reports;

  /**
   * @param owner how the daemon will connect
   * @param superuser the same server, database {@code postgres}
   */
  Bootstrap(DatabaseAccess owner, DatabaseAccess superuser, ReportRole reports) {
    this.owner = owner;
    this.superuser = superuser;
    this.reports = reports;
  }

  void run() throws SQLException, IOException {
    try (Connection connection = connect()) {
      reports.settle(connection);
    }
  }

  private Connection connect() throws SQLException {
    try {
      return Connect.to(owner);
    } catch (SQLException e) {
      if (!NOT_THERE.contains(e.getSQLState())) {
        throw e;
      }
      create();
      return Connect.to(owner);
    }
  }

  private void create() throws SQLException {
    try (Connection connection = Connect.to(superuser);
        Statement statement = connection.createStatement()) {
      if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", Passwords.OWNER)) {
        statement.execute("CREATE ROLE " + Passwords.OWNER + " LOGIN");
      }
      // Hashed by the driver, so that the server never sees, nor logs, the password itself.
      connection
          .unwrap(PGConnection.class)
          .alterUserPassword(
              Passwords.OWNER, owner.password().orElseThrow().toCharArray(), "scram-sha-256");
      if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", DATABASE)) {
        statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + Passwords.OWNER);
      }
      statement.execute("REVOKE ALL ON DATABASE " + DATABASE + " FROM PUBLIC");
    }
  }

  private static boolean exists(Connection connection, String query, String name)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }
}
