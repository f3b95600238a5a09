package io.joblet.storage.journal;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ObstacleException;
import io.joblet.storage.problem.Problem;
import java.util.stream.Collectors;

/** Failures of the host, as the caller should see them. */
public final class HostProblems {
  private HostProblems() {}

  /**
   * What somebody else put there is named; a busy mount names its processes; a full disk is a
   * limit; what this host does not let anybody do is in the way; the rest is the host's own
   * trouble.
   */
  public static Problem of(HostException failure) {
    if (failure instanceof ObstacleException obstacle) {
      return new Problem.InTheWay("PATH", obstacle.path().toString(), obstacle.getMessage());
    }
    if (failure.busy()) {
      String pids = failure.pins().stream().map(Object::toString).collect(Collectors.joining(", "));
      return failure.pins().isEmpty()
          ? new Problem.InTheWay("HOST", "host", failure.getMessage())
          : new Problem.InTheWay(
              "PROCESS",
              "pid/" + failure.pins().getFirst().pid(),
              failure.getMessage().contains(failure.pins().getFirst().toString())
                  ? failure.getMessage()
                  : failure.getMessage() + "; in the way: " + pids);
    }
    return switch (failure.errno()) {
      case "ENOSPC", "EDQUOT" ->
          new Problem.Exhausted(
              "pool",
              "no space, or no inode, is left in the pool or where the daemon keeps its state",
              failure.getMessage());
      case "EFBIG" -> new Problem.InTheWay("USAGE", "host", failure.getMessage());
      case "EOPNOTSUPP", "ESTALE" -> new Problem.InTheWay("HOST", "host", failure.getMessage());
      case "ENOMEM", "EMFILE", "ENFILE" ->
          new Problem.Exhausted("host", "the host has run out of something", failure.getMessage());
      default -> new Problem.HostFailed(failure.getMessage(), failure);
    };
  }
}
