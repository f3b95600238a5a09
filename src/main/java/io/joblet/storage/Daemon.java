package io.joblet.storage;

import io.joblet.storage.config.RefusedSettings;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.daemon.DataSourceSettings;
import io.joblet.storage.daemon.Database;
import io.joblet.storage.daemon.SocketPlace;
import io.joblet.storage.daemon.StartException;
import io.joblet.storage.daemon.StartFailure;
import io.joblet.storage.daemon.StartSettings;
import io.joblet.storage.daemon.TlsSettings;
import io.joblet.storage.daemon.TransactionIds;
import io.joblet.storage.postgres.PostgresException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.ConfigValidationException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The daemon's main: the database first, then Quarkus; on SIGTERM or SIGINT Quarkus first, then the
 * database. Exits with 1 and one line on standard error when it cannot start.
 */
@QuarkusMain
public final class Daemon {
  private final Thread main = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean waitingForDatabase;

  private Daemon() {}

  public static void main(String... arguments) {
    System.exit(new Daemon().run(arguments));
  }

  private int run(String... arguments) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEnd, "database-goes-last"));
    try {
      return serve(arguments);
    } catch (ConfigValidationException e) {
      say("cannot start: " + RefusedSettings.explain(e));
      return 1;
    } catch (PostgresException | StartException e) {
      say(e.getMessage());
      return 1;
    } catch (InterruptedException stopped) {
      say("stopped before it was up");
      return 1;
    } finally {
      ended.countDown();
    }
  }

  private int serve(String... arguments) throws InterruptedException {
    StorageConfig config =
        ConfigUtils.configBuilder()
            .withMapping(StorageConfig.class)
            .build()
            .getConfigMapping(StorageConfig.class);
    SocketPlace.prepare(Path.of(config.runDirectory()), Path.of(config.socket()));
    Map<String, String> tls = TlsSettings.of(config.tls());
    UUID incarnation = UUID.randomUUID();
    waitingForDatabase = true;
    try (Database database = Database.open(config, incarnation, Daemon::say)) {
      waitingForDatabase = false;
      Map<String, String> settings = DataSourceSettings.of(database.access(), incarnation);
      settings.putAll(tls);
      StartSettings.publish(settings);
      TransactionIds.withoutPort();
      AtomicInteger status = new AtomicInteger();
      Quarkus.run(
          null,
          (code, failure) -> {
            status.set(code);
            if (failure != null) {
              say("cannot start: " + StartFailure.explain(failure));
            }
          },
          arguments);
      return status.get();
    }
  }

  /**
   * The process ends when all shutdown hooks did, and Quarkus' own ends with Quarkus: this one
   * waits for the database too.
   */
  private void awaitEnd() {
    if (waitingForDatabase) {
      main.interrupt();
    }
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Quarkus keeps log records back until it is configured, and people wait now. */
  private static void say(String line) {
    System.err.println("joblet-storage: " + line);
  }
}
