package io.joblet.storage.cli.daemon;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.backup.BackupException;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.shell.Visible;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a command threw into lines on stderr; the stack trace only with RNX_DEBUG=1. The
 * status is 1 unless the command names another.
 */
public record Failures(Surroundings surroundings) implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    report(failure, RequestId.latest(command));
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  /**
   * Prints a failure.
   *
   * @param requestId of the call that failed, or null
   */
  public void report(Exception failure, String requestId) {
    switch (failure) {
      case StatusRuntimeException refused ->
          Refusal.lines(refused, requestId).forEach(surroundings::note);
      case Unusable unusable -> surroundings.note("rnx: " + Visible.text(unusable.getMessage()));
      case BackupException refused ->
          surroundings.note("rnx: " + Visible.text(refused.getMessage()));
      case NoSuchFileException missing ->
          surroundings.note("rnx: " + Visible.text(missing.getFile()) + ": no such file");
      case IOException unwritten -> reportUnwritten(unwritten);
      default -> {
        surroundings.note("rnx: a fault of rnx itself: " + Visible.text(failure.toString()));
        surroundings.note("  RNX_DEBUG=1 shows where; please report it");
      }
    }
    if (surroundings.debugging()) {
      failure.printStackTrace(surroundings.err());
    }
  }

  /** A reader that has seen enough, such as head, is no failure worth a line. */
  private void reportUnwritten(IOException unwritten) {
    if (!"Broken pipe".equals(unwritten.getMessage())) {
      surroundings.note("rnx: cannot write the output: " + Visible.text(unwritten.getMessage()));
    }
  }
}
