package io.joblet.storage.owner;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * New limits, and which of them are meant.
 *
 * @param ifVersion only if the owner's limits have this version
 */
public record LimitChange(
    OwnerLimits limits,
    boolean volumes,
    boolean volumeBytes,
    boolean memoryBytes,
    boolean jobs,
    OptionalLong ifVersion) {

  /** Whether what is meant is so already. */
  boolean isIn(OwnerLimits there) {
    return (!volumes || Objects.equals(limits.volumes(), there.volumes()))
        && (!volumeBytes || Objects.equals(limits.volumeBytes(), there.volumeBytes()))
        && (!memoryBytes || Objects.equals(limits.memoryBytes(), there.memoryBytes()))
        && (!jobs || Objects.equals(limits.jobs(), there.jobs()));
  }

  /** What a row that is not there yet begins with. */
  OwnerLimits first() {
    return new OwnerLimits(
        volumes ? limits.volumes() : null,
        volumeBytes ? limits.volumeBytes() : null,
        memoryBytes ? limits.memoryBytes() : null,
        jobs ? limits.jobs() : null);
  }
}
