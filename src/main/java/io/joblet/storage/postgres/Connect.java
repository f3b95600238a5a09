package io.joblet.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/** One connection, without a pool. */
final class Connect {
  private Connect() {}

  /** Whether the driver can make sense of the URL; says nothing about who is there. */
  static boolean understands(DatabaseAccess access) {
    return new Driver().acceptsURL(access.url());
  }

  static Connection to(DatabaseAccess access) throws SQLException {
    Properties properties = new Properties();
    properties.putAll(access.driverProperties());
    access.username().ifPresent(username -> properties.setProperty("user", username));
    access.password().ifPresent(password -> properties.setProperty("password", password));
    Connection connection = new Driver().connect(access.url(), properties);
    if (connection == null) {
      throw new SQLException("'" + access + "' is not a URL of PostgreSQL (jdbc:postgresql://...)");
    }
    return connection;
  }
}
