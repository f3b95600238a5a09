package io.joblet.storage.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** A PostgreSQL that somebody else runs: waited for, and looked at before anything relies on it. */
public final class ExternalPostgres {
  /** PostgreSQL 15, as server_version_num counts. */
  private static final int OLDEST = 150_000;

  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(5);

  private ExternalPostgres() {}

  /**
   * Returns once a connection works and is the kind of connection the daemon needs.
   *
   * @param progress hears every 5 s what is waited for and why it does not work yet
   * @throws PostgresException when that takes longer than the limit, with the last reason, or at
   *     once when it is no URL of PostgreSQL, the server is too old or drops the settings its
   *     sessions are to carry
   */
  public static void await(DatabaseAccess access, Duration limit, Consumer<String> progress)
      throws InterruptedException {
    if (!Connect.understands(access)) {
      throw new PostgresException(
          "joblet.database.url (JOBLET_DATABASE_URL) is '"
              + access.location()
              + "', which is no URL of PostgreSQL; write jdbc:postgresql://HOST[:PORT]/DATABASE");
    }
    DatabaseAccess impatient = withTimeouts(access);
    long began = System.nanoTime();
    long reported = began;
    while (true) {
      try {
        check(impatient);
        return;
      } catch (SQLException e) {
        long now = System.nanoTime();
        if (now - began > limit.toNanos()) {
          throw new PostgresException(
              "PostgreSQL ("
                  + access
                  + ") does not answer within "
                  + limit.toSeconds()
                  + " s (joblet.database.start-timeout): "
                  + e.getMessage(),
              e);
        }
        if (now - reported > BETWEEN_REPORTS.toNanos()) {
          reported = now;
          progress.accept("waiting for PostgreSQL (" + access + "): " + e.getMessage());
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  private static void check(DatabaseAccess access) throws SQLException {
    try (Connection connection = Connect.to(access);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT current_setting('server_version_num')::int,"
                    + " coalesce(current_setting('joblet.incarnation', true), '')")) {
      row.next();
      if (row.getInt(1) < OLDEST) {
        throw new PostgresException(
            "PostgreSQL (" + access + ") is too old, 15 is the oldest: " + row.getInt(1));
      }
      String wanted = access.driverProperties().getOrDefault("options", "");
      if (!wanted.endsWith("=" + row.getString(2))) {
        throw new PostgresException(
            "PostgreSQL ("
                + access
                + "): sessions lose joblet.incarnation; the URL must not have 'options', nor a pooler"
                + " between that drops them");
      }
    }
  }

  private static DatabaseAccess withTimeouts(DatabaseAccess access) {
    Map<String, String> properties = new HashMap<>(access.driverProperties());
    properties.put("connectTimeout", "5");
    properties.put("socketTimeout", "10");
    return new DatabaseAccess(access.url(), access.username(), access.password(), properties);
  }
}
