package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.backup.BackupException;
import io.joblet.storage.cli.backup.Backups;
import io.joblet.storage.cli.daemon.Unusable;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
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
    Backups backups = state.backups();
    try {
      work(backups, surroundings);
    } catch (BackupException | NoSuchFileException saysItself) {
      throw saysItself;
    } catch (IOException e) {
      throw new Unusable(failed() + ": " + reason(e), e);
    }
    return Exit.DONE;
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> denied.getFile() + ": permission denied";
      case FileAlreadyExistsException there -> there.getFile() + ": exists already";
      case DirectoryNotEmptyException full -> full.getFile() + ": is not empty";
      default -> e.getMessage();
    };
  }

  /** What it is to say when a file cannot be read or written. */
  abstract String failed();

  /** Does it, and notes for people what was done. */
  abstract void work(Backups backups, Surroundings notes) throws IOException;
}
