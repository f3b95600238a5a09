package io.joblet.storage.postgres;

import java.util.Map;
import java.util.Optional;

/**
 * How to reach a database.
 *
 * @param url JDBC URL
 * @param username role to log in as; empty leaves it to the URL
 * @param password its password; never printed by {@link #toString}
 * @param driverProperties further properties of the PostgreSQL driver, without secrets
 */
public record DatabaseAccess(
    String url,
    Optional<String> username,
    Optional<String> password,
    Map<String, String> driverProperties) {

  public DatabaseAccess {
    driverProperties = Map.copyOf(driverProperties);
  }

  @Override
  public String toString() {
    return username.map(name -> name + " at ").orElse("") + location();
  }

  /** The URL without its parameters, which may hold a password. */
  String location() {
    int question = url.indexOf('?');
    return question < 0 ? url : url.substring(0, question);
  }
}
