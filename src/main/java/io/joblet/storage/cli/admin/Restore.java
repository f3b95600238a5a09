package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx admin restore}. */
@Command(
    name = "restore",
    description = {
      "Puts a backup in the place of the embedded database, while the daemon is stopped.",
      "The former database is kept beside it. After the next start, rnx admin recover says which",
      "volumes the backup does not know."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  rnx admin restore /root/joblet-2026-11-25.backup"})
final class Restore implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin StateOption state;

  @Parameters(paramLabel = "FILE", description = "What rnx admin backup has made.")
  Path file;

  Restore(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    surroundings.note("checking and unpacking " + file + " ...");
    for (Path kept : state.backups().putBack(file, surroundings.clock().instant())) {
      surroundings.note("kept: " + kept);
    }
    surroundings.note("next: start the daemon, then rnx volume doctor and rnx admin recover");
    return Exit.DONE;
  }
}
