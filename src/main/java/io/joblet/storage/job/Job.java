package io.joblet.storage.job;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Somebody who holds volumes. Its name may be used again once it has ended; its id never. */
@Entity
public class Job extends PanacheEntityBase {
  @Id public UUID id;

  @Column(name = "node_id", updatable = false)
  public UUID nodeId;

  /** What its owner calls it. */
  @Column(updatable = false)
  public String name;

  @Column(updatable = false)
  public String owner;

  /** Its directory below the jobs directory; see {@link JobDirectory}. */
  @Column(updatable = false)
  public String directory;

  @Enumerated(EnumType.STRING)
  public State state;

  @Enumerated(EnumType.STRING)
  @Column(updatable = false)
  public By liveness;

  @Column(name = "boot_id", updatable = false)
  public String bootId;

  @Column(updatable = false)
  public Long pid;

  @Column(name = "start_ticks", updatable = false)
  public Long startTicks;

  @Column(name = "lease_seconds", updatable = false)
  public Long leaseSeconds;

  @Column(name = "lease_expires_at")
  public Instant leaseExpiresAt;

  @Column(name = "created_at", updatable = false)
  public Instant createdAt;

  @Column(name = "ended_at")
  public Instant endedAt;

  public String reason = "";

  /** Nobody wants to know of it any more once it has ended. */
  @Column(name = "remove_at_end")
  public boolean removeAtEnd;

  @Version
  @Column(name = "row_version")
  public long rowVersion;

  /** ENDING: whatever it still holds is being taken away, and it gets nothing more. */
  public enum State {
    ACTIVE,
    ENDING,
    ENDED
  }

  /** What {@link Liveness} became in the row. */
  public enum By {
    PROCESS,
    LEASE,
    CLEANUP,
    RUN
  }

  /**
   * Until {@link #built} it is to be taken away: whoever finds it so after a crash does that. A job
   * with a command says the same by its run.
   */
  void beginBuilding() {
    state = State.ENDING;
    reason = "the daemon ended before it was prepared";
  }

  void built() {
    state = State.ACTIVE;
    reason = "";
  }

  void beginEnding(String why) {
    state = State.ENDING;
    reason = why;
  }

  void end() {
    state = State.ENDED;
    endedAt = Instant.now();
  }

  /** The process whose end is the job's, if it is known by one. */
  public Optional<ProcessIdentity> process() {
    return liveness == By.PROCESS
        ? Optional.of(new ProcessIdentity(bootId, pid, startTicks))
        : Optional.empty();
  }
}
