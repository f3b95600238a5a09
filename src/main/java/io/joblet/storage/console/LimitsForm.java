package io.joblet.storage.console;

import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.Owner;
import io.joblet.storage.v1.OwnerLimits;
import java.util.List;
import java.util.Map;

/**
 * Limits as somebody wants them, in the words of the form; an empty one is no limit.
 *
 * @param version of the limits that the form was filled from
 */
public record LimitsForm(String volumes, String disk, String memory, String jobs, String version) {
  private static final String VOLUMES = "volumes";
  private static final String DISK = "volume_bytes";
  private static final String MEMORY = "memory_bytes";
  private static final String JOBS = "jobs";
  private static final String VERSION = "row_version";

  /** As an update mask has them: the form is of all. */
  static final List<String> MASK = List.of(VOLUMES, DISK, MEMORY, JOBS);

  static LimitsForm of(Owner owner) {
    return of(owner.getLimits(), Long.toString(owner.getRowVersion()));
  }

  private static LimitsForm of(OwnerLimits limits, String version) {
    return new LimitsForm(
        limits.hasVolumes() ? Long.toString(limits.getVolumes()) : "",
        limits.hasVolumeBytes() ? Text.exactSize(limits.getVolumeBytes()) : "",
        limits.hasMemoryBytes() ? Text.exactSize(limits.getMemoryBytes()) : "",
        limits.hasJobs() ? Long.toString(limits.getJobs()) : "",
        version);
  }

  static LimitsForm of(Visit visit) {
    return new LimitsForm(
        visit.field(VOLUMES),
        visit.field(DISK),
        visit.field(MEMORY),
        visit.field(JOBS),
        visit.field(VERSION));
  }

  /** The same, as of what the owner's limits are now. */
  LimitsForm as(Owner owner) {
    return new LimitsForm(volumes, disk, memory, jobs, Long.toString(owner.getRowVersion()));
  }

  /**
   * The same, as sizes and numbers are written here.
   *
   * @throws Problem.Invalid as {@link #limits}
   */
  LimitsForm tidy() {
    return of(limits(), version);
  }

  Map<String, String> fields() {
    return Map.of(VOLUMES, volumes, DISK, disk, MEMORY, memory, JOBS, jobs, VERSION, version);
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

  /** 0 is that of an owner without limits. */
  long rowVersion() {
    if (version.matches("[0-9]{1,18}")) {
      return Long.parseLong(version);
    }
    throw new Problem.Invalid(VERSION, "must be a version of the owner's limits");
  }

  private static long number(String field, String text) {
    if (text.matches("[0-9]{1,18}")) {
      return Long.parseLong(text);
    }
    throw new Problem.Invalid(field, "must be a whole number, or empty for no limit");
  }
}
