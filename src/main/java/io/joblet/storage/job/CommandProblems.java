package io.joblet.storage.job;

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
          ? new Problem.NotFound("command", command)
          : new Problem.InTheWay("COMMAND", "command/" + command, message);
    }
    if (message.contains("working directory")) {
      return new Problem.Invalid("working_directory", message);
    }
    return HostProblems.of(failure);
  }
}
