package io.joblet.storage.cli.run;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.daemon.Refusal;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.v1.Job;

/** The exit status of {@code rnx run}. */
final class RunStatus {
  private RunStatus() {}

  /** Of a job that has ended. */
  static int of(Job ended) {
    if (ended.getSignal() != 0) {
      return Exit.SIGNAL + ended.getSignal();
    }
    if (ended.hasExitCode()) {
      return ended.getExitCode();
    }
    return ended.getStatus().equals("failed") ? Exit.NOT_EXECUTABLE : Exit.NO_STATUS;
  }

  /** Whether it is the command's own. */
  static boolean isKnown(Job ended) {
    return ended.getSignal() != 0 || ended.hasExitCode();
  }

  /** Of a job that was not started. */
  static int of(StatusRuntimeException refused) {
    return switch (Refusal.reason(refused)) {
      case "COMMAND_NOT_FOUND" -> Exit.NOT_FOUND;
      case "COMMAND_IN_THE_WAY" -> Exit.NOT_EXECUTABLE;
      default -> Exit.NO_STATUS;
    };
  }
}
