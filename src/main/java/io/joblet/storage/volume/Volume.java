package io.joblet.storage.volume;

import io.joblet.storage.journal.Operations;
import io.joblet.storage.problem.Problem;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * A volume's row: what should exist. Plans are computed from it alone. {@link VolumeState} tells
 * its life; the constraints in db/migration guard it.
 */
@Entity
public class Volume extends PanacheEntityBase {
  /** UUIDv7 (RFC 9562): the order of ids is the order of creation. Never used again. */
  @Id public UUID id;

  @Column(name = "node_id", updatable = false)
  public UUID nodeId;

  @Column(updatable = false)
  public String owner;

  public String name;

  @Enumerated(EnumType.STRING)
  @Column(updatable = false)
  public VolumeType type;

  @Convert(converter = ProviderNameConverter.class)
  @Column(updatable = false)
  public ProviderName provider;

  @Enumerated(EnumType.STRING)
  @Column(updatable = false)
  public Enforcement enforcement;

  /** Changed only through {@link #become}. */
  @Enumerated(EnumType.STRING)
  @Column(name = "state")
  VolumeState state;

  @Column(name = "size_bytes")
  public long sizeBytes;

  /** While UPDATING: the size it will have. */
  @Column(name = "wanted_size_bytes")
  public Long wantedSizeBytes;

  /** 0: none of its own. */
  @Column(name = "inode_limit", updatable = false)
  public long inodeLimit;

  /** Number of its level-1 quota group; null unless on btrfs. */
  @Column(updatable = false)
  public Long qgroup;

  /** Owner and permission bits of the top directory. */
  @Column(updatable = false)
  public long uid;

  @Column(updatable = false)
  public long gid;

  @Column(updatable = false)
  public int mode;

  @Column(name = "protected")
  public boolean isProtected;

  /** Null: never swept. */
  @Column(name = "idle_timeout_seconds")
  public Long idleTimeoutSeconds;

  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, String> labels;

  /** What all its attachments have in common; null without any. */
  @Enumerated(EnumType.STRING)
  @Column(name = "held_as")
  public AccessMode heldAs;

  @Column(name = "created_at", updatable = false)
  public Instant createdAt;

  @Column(name = "created_by", updatable = false)
  public String createdBy;

  /** Last attach or detach; null if never attached. */
  @Column(name = "last_used_at")
  public Instant lastUsedAt;

  @Column(name = "deleted_at")
  public Instant deletedAt;

  @Column(name = "purge_after")
  public Instant purgeAfter;

  /** The principal that deleted it; null unless deleted. */
  @Column(name = "deleted_by")
  public String deletedBy;

  /** Why it is as it is, for people; empty if there is nothing to say. */
  public String reason = "";

  @Version
  @Column(name = "row_version")
  public long rowVersion;

  public VolumeState state() {
    return state;
  }

  /**
   * Takes the next state.
   *
   * @throws IllegalStateException if the table of transitions does not have it: a mistake in the
   *     program
   */
  public void become(VolumeState next) {
    if (!state.next().contains(next)) {
      throw new IllegalStateException("volume " + id + " cannot go from " + state + " to " + next);
    }
    state = next;
  }

  /**
   * As it will be once what was begun is done: for that time it has that state and the next
   * version. Not for one that is managed, which would be written for it.
   */
  public void foresee(VolumeState then, Runnable look) {
    VolumeState now = state;
    state = then;
    rowVersion++;
    try {
      look.run();
    } finally {
      state = now;
      rowVersion--;
    }
  }

  /** Where the host has refused to finish what was begun, says why. */
  void refuseUnfinished() {
    if (state.transitional() && !state.deleted() && !reason.isEmpty()) {
      throw new Problem.InTheWay(
          "STATE",
          "volume/" + name,
          "volume '" + name + "' is " + state + " and cannot be finished yet: " + reason);
    }
  }

  public Optional<Duration> idleTimeout() {
    return Optional.ofNullable(idleTimeoutSeconds).map(Duration::ofSeconds);
  }

  /** What records of operations say about it; {@code jobName} is null if no job takes part. */
  public Operations.Subject subject(String jobName) {
    return new Operations.Subject(id, name, owner, jobName);
  }
}
