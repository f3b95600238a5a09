package io.joblet.storage.daemon;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.postgres.DatabaseAccess;
import io.joblet.storage.postgres.EmbeddedPostgres;
import io.joblet.storage.postgres.ExternalPostgres;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The database of one start: the embedded one, which lives as long as this object, or an external
 * one, which was there before.
 *
 * @param embedded empty when the database is external
 */
public record Database(DatabaseAccess access, Optional<EmbeddedPostgres> embedded)
    implements AutoCloseable {

  /** Returns when the database answers; {@code progress} hears what is waited for meanwhile. */
  public static Database open(StorageConfig config, UUID incarnation, Consumer<String> progress)
      throws InterruptedException {
    StorageConfig.Database wanted = config.database();
    if (wanted.url().isPresent()) {
      DatabaseAccess access =
          new DatabaseAccess(wanted.url().get(), wanted.username(), wanted.password(), Map.of());
      ExternalPostgres.await(
          DataSourceSettings.identified(access, incarnation), wanted.startTimeout(), progress);
      return new Database(access, Optional.empty());
    }
    EmbeddedPostgres embedded =
        EmbeddedPostgres.start(
            Path.of(config.stateDirectory(), "postgres"),
            wanted.embeddedUid(),
            wanted.startTimeout(),
            wanted.reportAccess());
    return new Database(embedded.access(), Optional.of(embedded));
  }

  @Override
  public void close() throws InterruptedException {
    if (embedded.isPresent()) {
      embedded.get().stop();
    }
  }
}
