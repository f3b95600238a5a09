package io.joblet.storage.console;

import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.OwnerLimits;
import java.util.List;
import java.util.Map;

/** Limits as somebody wants them, in the words of the form; an empty one is no limit. */
public record LimitsForm(String volumes, String disk, String memory, String jobs) {
  private static final String VOLUMES = "volumes";
  private static final String DISK = "volume_bytes";
  private static final String MEMORY = "memory_bytes";
  private static final String JOBS = "jobs";

  /** As an update mask has them: the form is of all. */
  static final List<String> MASK = List.of(VOLUMES, DISK, MEMORY, JOBS);

  static LimitsForm of(OwnerLimits limits) {
    return new LimitsForm(
        limits.hasVolumes() ? Long.toString(limits.getVolumes()) : "",
        limits.hasVolumeBytes() ? Text.exactSize(limits.getVolumeBytes()) : "",
        limits.hasMemoryBytes() ? Text.exactSize(limits.getMemoryBytes()) : "",
        limits.hasJobs() ? Long.toString(limits.getJobs()) : "");
  }

  static LimitsForm of(Visit visit) {
    return new LimitsForm(
        visit.field(VOLUMES), visit.field(DISK), visit.field(MEMORY), visit.field(JOBS));
  }

  Map<String, String> fields() {
    return Map.of(VOLUMES, volumes, DISK, disk, MEMORY, memory, JOBS, jobs);
  }

  /** From what to what. */
  List<Fact> facts(LimitsForm now) {
    return Fact.known(
        Fact.change("Volumes", now.volumes, volumes),
        Fact.change("On disk", now.disk, disk),
        Fact.change("In memory", now.memory, memory),
        Fact.change("Jobs", now.jobs, jobs));
  }

  /**
   * As the method wants them.
   *
   * @throws Problem.Invalid if a field is no number, or no size
   */
  OwnerLimits limits() {
    OwnerLimits.Builder limits = OwnerLimits.newBuilder();
    if (!volumes.isEmpty()) {
      limits.setVolumes(number(VOLUMES, volumes));
    }
    if (!disk.isEmpty()) {
      limits.setVolumeBytes(Text.bytes(DISK, disk));
    }
    if (!memory.isEmpty()) {
      limits.setMemoryBytes(Text.bytes(MEMORY, memory));
    }
    if (!jobs.isEmpty()) {
      limits.setJobs(number(JOBS, jobs));
    }
    return limits.build();
  }

  private static long number(String field, String text) {
    if (text.matches("[0-9]{1,18}")) {
      return Long.parseLong(text);
    }
    throw new Problem.Invalid(field, "must be a whole number, or empty for no limit");
  }
}
