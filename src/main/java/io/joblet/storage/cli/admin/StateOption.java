package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.backup.BackupException;
import io.joblet.storage.cli.backup.Backups;
import io.joblet.storage.cli.shell.Surroundings;
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
              + ".")
  Path directory;

  StateOption(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Of the directory that was named.
   *
   * @throws BackupException where the environment names an external database
   */
  Backups backups() throws BackupException {
    if (surroundings.environment().containsKey("JOBLET_DATABASE_URL")) {
      throw BackupException.external();
    }
    String otherwise = surroundings.environment().getOrDefault("JOBLET_STATE_DIRECTORY", DEFAULT);
    return new Backups(directory == null ? Path.of(otherwise) : directory);
  }
}
