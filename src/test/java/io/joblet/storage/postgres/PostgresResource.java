package io.joblet.storage.postgres;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import io.joblet.storage.daemon.DataSourceSettings;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/**
 * One real PostgreSQL for all Quarkus tests of a run: {@code @WithTestResource(value =
 * PostgresResource.class, scope = TestResourceScope.GLOBAL)}.
 */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {
  private Path directory;
  private EmbeddedPostgres postgres;

  @Override
  public Map<String, String> start() {
    try {
      directory =
          Files.createTempDirectory("joblet-postgres-", asFileAttribute(fromString("rwx--x--x")));
      postgres =
          EmbeddedPostgres.start(
              directory.resolve("postgres"), TestPostgres.UID, Duration.ofMinutes(2));
      Map<String, String> settings = DataSourceSettings.of(postgres.access(), UUID.randomUUID());
      settings.put(StatementLog.DIRECTORY, directory.resolve("postgres").toString());
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while PostgreSQL started", e);
    }
  }

  @Override
  public void stop() {
    try {
      if (postgres != null) {
        postgres.stop();
      }
      if (directory != null) {
        Durable.deleteTree(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
