package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.backup.Backups;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rnx admin backup}. */
@Command(
    name = "backup",
    description = {
      "Copies the embedded database into a file, while the daemon is stopped.",
      "Jobs go on meanwhile. The volumes themselves are not in it. An external PostgreSQL is backed",
      "up by its own tools, such as pg_dump: whether the daemon uses one is not looked up, and what",
      "lies in the state directory from before is copied all the same."
    },
    footer = {"  rnx admin backup /root/joblet-2026-11-25.backup"})
final class Backup extends BackupCommand {
  @Parameters(paramLabel = "FILE", description = "Where to; must not exist.")
  Path file;

  Backup(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  String failed() {
    return "the backup was not made";
  }

  @Override
  void work(Backups backups, Surroundings notes) throws IOException {
    notes.note("copying the database ...");
    long bytes = backups.make(file);
    notes.note(file + " holds it now, " + Shown.size(bytes) + "; it has passwords and is 0600");
  }
}
