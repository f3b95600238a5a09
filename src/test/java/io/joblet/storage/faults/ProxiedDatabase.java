package io.joblet.storage.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * An installation whose PostgreSQL is another one's, with a proxy in between: the embedded
 * PostgreSQL of one daemon holds the database of another.
 */
final class ProxiedDatabase implements AutoCloseable {
  private static final String DATABASE = "proxied";

  /**
   * How long a transaction of the daemon's may take: as long as many slow statements need, and not
   * as long as by default, since a proof waits for it at each place.
   */
  static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(5);

  private final Installation holder;
  private final DatabaseProxy proxy;
  private final Installation installation;
  private final Crashes crashes;

  private ProxiedDatabase(Installation holder, DatabaseProxy proxy, Installation installation) {
    this.holder = holder;
    this.proxy = proxy;
    this.installation = installation;
    this.crashes = new Crashes(installation);
  }

  /** The holder serves when this returns; the other daemon is started by whoever needs it. */
  static ProxiedDatabase below(Path directory) throws Exception {
    Installation holder = new Installation(Files.createDirectory(directory.resolve("holder")));
    try {
      Installation.letThrough(directory);
      holder.start();
      return of(holder, Files.createDirectory(directory.resolve("proxied")));
    } catch (Exception e) {
      holder.close();
      throw e;
    }
  }

  private static ProxiedDatabase of(Installation holder, Path directory)
      throws IOException, SQLException {
    Properties connection = Rows.connection(holder);
    String url = connection.getProperty("url");
    String user = connection.getProperty("user");
    try (Rows superuser = Rows.of(holder, "postgres")) {
      superuser.update("create database " + DATABASE + " owner " + user);
    }
    DatabaseProxy proxy =
        new DatabaseProxy(Integer.parseInt(url.replaceFirst(".*:(\\d+)/.*", "$1")));
    String proxied = url.replaceFirst(":\\d+/[^?]*", ":" + proxy.port() + "/" + DATABASE);
    List<String> settings = new ArrayList<>(List.of(Crashes.SETTINGS));
    settings.add(
        "-Dquarkus.transaction-manager.default-transaction-timeout=" + TRANSACTION_TIMEOUT);
    settings.add("-Djoblet.database.url=" + proxied);
    settings.add("-Djoblet.database.username=" + user);
    settings.add("-Djoblet.database.password=" + Rows.password(holder, user));
    Installation installation = new Installation(directory, settings.toArray(String[]::new));
    // What an embedded one would have left here, for who looks at the rows; not by the proxy.
    Rows.describe(installation, holder, url.replaceFirst("/[^/?]*($|\\?)", "/" + DATABASE + "$1"));
    return new ProxiedDatabase(holder, proxy, installation);
  }

  DatabaseProxy proxy() {
    return proxy;
  }

  Crashes crashes() {
    return crashes;
  }

  /** All of its processes at once, as by the kernel when memory is short; it is started again. */
  void kill() {
    try {
      Installation.workingIn(holder.postgres().resolve("data"))
          .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when PostgreSQL serves. */
  void awaitUp() {
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> {
          try (Rows rows = Rows.of(installation)) {
            return !rows.query("select 1").isEmpty();
          }
        });
  }

  /** Each before what it works with. */
  @Override
  public void close() throws IOException, InterruptedException {
    try (holder;
        proxy;
        installation) {
      installation.end();
    }
  }
}
