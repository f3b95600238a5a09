package io.joblet.storage.event;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that happened to a volume.
 *
 * @param position where it stands among the events of its node; grows, with gaps
 * @param jobName of an attachment
 * @param reason for people; empty if there is nothing to say
 */
public record VolumeEvent(
    long position,
    Kind kind,
    Instant time,
    UUID volumeId,
    String volumeName,
    String owner,
    Optional<String> jobName,
    String reason) {

  /** What happened; as {@code volume_event.kind} has it. */
  public enum Kind {
    /** Is there and can be attached. */
    CREATED,
    /** Labels, protection, idle timeout or size are others now. */
    UPDATED,
    ATTACHED,
    DETACHED,
    /** A caller deleted it; it may be in the trash. */
    DELETED,
    /** A sweep deleted it. */
    SWEPT,
    /** Is back from the trash. */
    UNDELETED,
    /** Nothing is left of it. */
    PURGED,
    /** Its data is missing. */
    LOST,
    /** Its data is there again. */
    FOUND,
    /** More than 80 % of its size is used. */
    FILLING,
    /** More than 95 % of its size is used. */
    FULL
  }
}
