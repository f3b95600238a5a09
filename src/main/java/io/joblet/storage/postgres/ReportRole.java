package io.joblet.storage.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * The role of analysts, {@value #NAME}: what it may read is in db/migration, whether it can log in
 * is decided here at each start. Its password is random and lies in a file of root's in the form
 * that libpq reads; it is another one each time the role is let in anew, and what the file says is
 * set again at each start.
 */
final class ReportRole {
  static final String NAME = "joblet_report";

  /** A role may change its own settings and password, so that all of them are set again. */
  private static final String OPEN =
      """
      alter role joblet_report reset all;
      alter role joblet_report login connection limit 8;
      alter role joblet_report set default_transaction_read_only = on;
      alter role joblet_report set statement_timeout = '60s';
      alter role joblet_report set temp_file_limit = '1GB'\
      """;

  private final DatabaseAccess superuser;
  private final Path passwordFile;
  private final boolean wanted;

  /**
   * @param superuser of the database {@code postgres}
   * @param wanted whether it is to be able to log in
   */
  ReportRole(DatabaseAccess superuser, Path passwordFile, boolean wanted) {
    this.superuser = superuser;
    this.passwordFile = passwordFile;
    this.wanted = wanted;
  }

  /**
   * Makes it so; asks one question when nobody is to log in and nobody can.
   *
   * @param owner a connection of the owner's, who can see roles but not change this one
   */
  void settle(Connection owner) throws SQLException, IOException {
    try (Statement statement = owner.createStatement();
        ResultSet role =
            statement.executeQuery(
                "select rolcanlogin from pg_roles where rolname = '" + NAME + "'")) {
      boolean exists = role.next();
      if (exists && !wanted && !role.getBoolean(1) && !Files.exists(passwordFile)) {
        return;
      }
      change(exists);
    }
  }

  private void change(boolean exists) throws SQLException, IOException {
    try (Connection connection = Connect.to(superuser);
        Statement statement = connection.createStatement()) {
      if (!exists) {
        statement.execute("create role " + NAME + " nologin");
      }
      if (!wanted) {
        statement.execute("alter role " + NAME + " nologin password null");
        Files.deleteIfExists(passwordFile);
        return;
      }
      String password = Files.exists(passwordFile) ? kept() : Passwords.random();
      // The file first: a role whose password nobody knows would be opened again, one without a
      // file would not.
      Durable.write(
          passwordFile,
          "127.0.0.1:*:" + Bootstrap.DATABASE + ":" + NAME + ":" + password + "\n",
          "rw-------");
      connection
          .unwrap(PGConnection.class)
          .alterUserPassword(NAME, password.toCharArray(), "scram-sha-256");
      statement.execute(OPEN);
    }
  }

  private String kept() throws IOException {
    String line = Files.readString(passwordFile).strip();
    return line.substring(line.lastIndexOf(':') + 1);
  }
}
