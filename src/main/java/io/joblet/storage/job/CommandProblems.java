package io.joblet.storage.job;

import io.joblet.storage.config.Excerpt;
import io.joblet.storage.host.HostException;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.problem.Problem;

/** Why a command could not be started, in terms that tell the caller's mistakes from the host's. */
final class CommandProblems {
  private CommandProblems() {}

  /** As a shell tells them apart: not found, and found but not to be executed. */
  static Problem of(String command, HostException failure) {
    String message = failure.getMessage();
    if (message.contains("cannot execute")) {
      return failure.errno().equals("ENOENT")
          ? new Problem.NotFound("command", Excerpt.of(command))
          : inTheWay(command, message);
    }
    if (message.contains("working directory")) {
      return new Problem.Invalid("working_directory", message);
    }
    return HostProblems.of(failure);
  }

  /** Why a command that was there, and that its user may execute, was not executed after all. */
  static Problem ofExecution(String command, HostException failure) {
    return failure.errno().equals("ENOENT")
        ? inTheWay(
            command,
            "cannot execute '"
                + Excerpt.of(command)
                + "': it is there, and what its first line names as its interpreter, or its"
                + " loader, is not")
        : of(command, failure);
  }

  /** Why a root file system could not be built: its directory is the caller's choice. */
  static Problem ofRoot(HostException failure) {
    boolean directory = failure.getMessage().contains("as a root file system");
    return directory
        ? new Problem.Invalid("filesystem.directory", failure.getMessage())
        : HostProblems.of(failure);
  }

  private static Problem inTheWay(String command, String message) {
    return new Problem.InTheWay("COMMAND", "command/" + Excerpt.of(command), message);
  }
}
