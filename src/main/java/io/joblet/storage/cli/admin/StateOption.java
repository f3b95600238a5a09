package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.backup.BackupException;
import io.joblet.storage.cli.backup.Backups;
import io.joblet.storage.cli.daemon.Unusable;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the embedded database is. */
final class StateOption {
  private static final String DEFAULT = "/var/lib/joblet";

  private final Surroundings surroundings;

  @Option(
      names = "--state-directory",
      paramLabel = "DIR",
      description =
          "The daemon's joblet.state-directory; otherwise JOBLET_STATE_DIRECTORY, or "
              + DEFAULT
              + ". The daemon's own configuration is not read.")
  Path directory;

  StateOption(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Of the directory that was named.
   *
   * @throws BackupException where the environment names an external database
   * @throws Unusable where it names no directory
   */
  Backups backups() throws IOException {
    if (surroundings.environment().containsKey("JOBLET_DATABASE_URL")) {
      throw BackupException.external();
    }
    return new Backups(directory == null ? otherwise() : directory);
  }

  private Path otherwise() throws Unusable {
    String named = surroundings.environment().getOrDefault("JOBLET_STATE_DIRECTORY", DEFAULT);
    if (named.isEmpty()) {
      throw new Unusable("JOBLET_STATE_DIRECTORY must not be empty");
    }
    return Path.of(named);
  }
}
