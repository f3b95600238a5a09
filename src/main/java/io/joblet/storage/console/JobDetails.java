package io.joblet.storage.console;

import io.joblet.storage.v1.Job;
import java.util.List;

/**
 * All about one job.
 *
 * @param output the end of what it wrote; {@code noOutput} says why there is none
 * @param may what the visitor may do with it, of what can be done with it now
 */
public record JobDetails(
    String path,
    List<Fact> facts,
    Table volumes,
    JobOutputs.Tail output,
    String noOutput,
    Rights may) {

  /** To end it; to forget it and its output. */
  public record Rights(boolean stop, boolean remove) {}

  static List<Fact> facts(Job job) {
    return Fact.known(
        new Fact("State", job.getStatus()),
        new Fact("End", end(job)),
        new Fact("Owner", job.getOwner()),
        new Fact("Command", String.join(" ", job.getCommandList())),
        new Fact("Directory", job.getWorkingDirectory()),
        new Fact("Not enforced", String.join("; ", job.getWarningsList())),
        new Fact("Created", Text.time(job.getCreatedAt())),
        new Fact("Started", Text.time(job.getStartedAt())),
        new Fact("Finished", Text.time(job.getFinishedAt())),
        new Fact("Ended", Text.time(job.getEndedAt())),
        new Fact("Node", job.getNode()),
        new Fact("Id", job.getId()));
  }

  /** How it ended; empty while it has not. */
  static String end(Job job) {
    if (job.hasExitCode()) {
      return "exit code " + job.getExitCode();
    }
    return job.getSignal() != 0 ? "signal " + job.getSignal() : job.getReason();
  }
}
