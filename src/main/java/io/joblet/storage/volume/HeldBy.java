package io.joblet.storage.volume;

import io.joblet.storage.access.Identity;
import io.joblet.storage.problem.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** Says which job holds a volume that somebody else wants, as far as the caller may know. */
public final class HeldBy {
  private static final String SOMEBODY = "a job of another owner";

  private HeldBy() {}

  public static Problem problem(
      Identity caller, Volume volume, List<Attachment> holders, String consequence) {
    String jobs =
        holders.stream()
            .map(a -> a.visibleTo(caller) ? "job '" + a.jobName + "' at " + a.mountPath : SOMEBODY)
            .distinct()
            .collect(Collectors.joining(", "));
    String first =
        holders.stream()
            .filter(a -> a.visibleTo(caller))
            .findFirst()
            .map(a -> "job/" + a.jobName)
            .orElse("job");
    return new Problem.InTheWay(
        "JOB", first, "volume '" + volume.name + "' is held by " + jobs + "; " + consequence);
  }
}
