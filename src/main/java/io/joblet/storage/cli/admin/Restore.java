package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.backup.Backups;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rnx admin restore}. */
@Command(
    name = "restore",
    description = {
      "Puts a backup in the place of the embedded database, while the daemon is stopped.",
      "The former database is kept beside it. A daemon that uses an external PostgreSQL does not see",
      "what is put back; whether it does is not looked up. After the next start, rnx admin recover",
      "says which volumes the backup does not know."
    },
    footer = {"  rnx admin restore /root/joblet-2026-11-25.backup"})
final class Restore extends BackupCommand {
  @Parameters(paramLabel = "FILE", description = "What rnx admin backup has made.")
  Path file;

  Restore(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  String failed() {
    return "the backup was not put back";
  }

  @Override
  void work(Backups backups, Surroundings notes) throws IOException {
    notes.note("checking and unpacking " + file + " ...");
    Backups.PutBack done = backups.putBack(file, notes.clock().instant());
    done.kept().ifPresent(kept -> notes.note("kept, with its passwords: " + kept));
    done.untidy().ifPresent(what -> notes.note("the backup was put back, but " + what));
    notes.note("next: start the daemon, then rnx volume doctor and rnx admin recover");
  }
}
