package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.backup.Backups;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * What the commands about backups have in common: which database it is, and that no daemon helps.
 */
@Command(footerHeading = "%nExamples:%n")
abstract class BackupCommand implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin StateOption state;

  BackupCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public final Integer call() throws IOException {
    work(state.backups(), surroundings);
    return Exit.DONE;
  }

  /** Does it, and notes for people what was done. */
  abstract void work(Backups backups, Surroundings notes) throws IOException;
}
