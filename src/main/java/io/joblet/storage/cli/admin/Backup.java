package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx admin backup}. */
@Command(
    name = "backup",
    description = {
      "Copies the embedded database into a file, while the daemon is stopped.",
      "Jobs go on meanwhile. The volumes themselves are not in it. An external PostgreSQL is backed",
      "up by its own tools, such as pg_dump."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  rnx admin backup /root/joblet-2026-11-25.backup"})
final class Backup implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin StateOption state;

  @Parameters(paramLabel = "FILE", description = "Where to; must not exist.")
  Path file;

  Backup(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    surroundings.note("copying the database ...");
    long bytes = state.backups().make(file);
    surroundings.note(
        file + " holds it now, " + Shown.size(bytes) + "; it has passwords and is 0600");
    return Exit.DONE;
  }
}
