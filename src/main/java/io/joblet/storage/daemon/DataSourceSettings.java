package io.joblet.storage.daemon;

import io.joblet.storage.config.Incarnation;
import io.joblet.storage.postgres.DatabaseAccess;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** How Quarkus is told where the database is, and as whom to appear there. */
public final class DataSourceSettings {
  private DataSourceSettings() {}

  /** Adds what tells this daemon's sessions from others: the incarnation and a name. */
  public static DatabaseAccess identified(DatabaseAccess access, UUID incarnation) {
    Map<String, String> properties = new HashMap<>(access.driverProperties());
    properties.put("options", "-c joblet.incarnation=" + incarnation);
    properties.put("ApplicationName", Incarnation.applicationName(incarnation));
    return new DatabaseAccess(access.url(), access.username(), access.password(), properties);
  }

  /** As configuration properties of Quarkus. */
  public static Map<String, String> of(DatabaseAccess access, UUID incarnation) {
    Map<String, String> settings = new HashMap<>();
    settings.put(Incarnation.PROPERTY, incarnation.toString());
    settings.put("quarkus.datasource.jdbc.url", access.url());
    access.username().ifPresent(name -> settings.put("quarkus.datasource.username", name));
    access.password().ifPresent(word -> settings.put("quarkus.datasource.password", word));
    identified(access, incarnation)
        .driverProperties()
        .forEach((name, value) ->
            settings.put(
                "quarkus.datasource.jdbc.additional-jdbc-properties.\"" + name + "\"", value));
    return settings;
  }
}
