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
      alter role joblet_report set idle_in_transaction_session_timeout = '60s';
      alter role joblet_report set temp_file_limit = '1GB'\
      """;

  /**
   * By default everybody may make large objects, which would let whoever reads reports fill the
   * disk. Nothing here has any, so that nobody needs these functions. A database has rights of its
   * own to them, which only the superuser can change.
   */
  private static final String NO_LARGE_OBJECTS =
      """
      do $$
      declare
          large regprocedure;
      begin
          for large in
              select oid from pg_proc
              where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^(lo_.*|loread|lowrite)$'
          loop
              execute format('revoke execute on function %s from public', large);
          end loop;
      end $$\
      """;

  private final DatabaseAccess superuser;
  private final DatabaseAccess superuserThere;
  private final Path passwordFile;
  private final boolean wanted;

  /**
   * @param superuser of the database {@code postgres}
   * @param superuserThere of the database that is read
   * @param wanted whether it is to be able to log in
   */
  ReportRole(
      DatabaseAccess superuser, DatabaseAccess superuserThere, Path passwordFile, boolean wanted) {
    this.superuser = superuser;
    this.superuserThere = superuserThere;
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
      forbidLargeObjects();
      statement.execute(OPEN);
    }
  }

  private void forbidLargeObjects() throws SQLException {
    try (Connection connection = Connect.to(superuserThere);
        Statement statement = connection.createStatement()) {
      statement.execute(NO_LARGE_OBJECTS);
    }
  }

  private String kept() throws IOException {
    String line = Files.readString(passwordFile).strip();
    return line.substring(line.lastIndexOf(':') + 1);
  }
}
