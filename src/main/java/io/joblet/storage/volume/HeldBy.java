package io.joblet.storage.volume;

import io.joblet.storage.problem.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Says which job holds a volume that somebody else wants. */
public final class HeldBy {
  private HeldBy() {}

  public static Problem problem(Volume volume, List<Attachment> holders, String consequence) {
    String jobs =
        holders.stream()
            .map(a -> "job '" + a.jobName + "' at " + a.mountPath)
            .collect(Collectors.joining(", "));
    return new Problem.InTheWay(
        "JOB",
        "job/" + holders.getFirst().jobName,
        "volume '" + volume.name + "' is held by " + jobs + "; " + consequence);
  }
}
