package io.joblet.storage.volume;

import io.joblet.storage.access.Identity;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;

/**
 * That a job holds a volume, at one place in its directory. The row is there from the intent to
 * attach until the mount is gone; then {@code attachment_history} remembers it.
 */
@Entity
public class Attachment extends PanacheEntityBase {
  @Id public UUID id;

  @Column(name = "node_id", updatable = false)
  public UUID nodeId;

  @Column(name = "volume_id", updatable = false)
  public UUID volumeId;

  @Column(name = "job_id", updatable = false)
  public UUID jobId;

  @Column(name = "job_name", updatable = false)
  public String jobName;

  /** Whose the job is; that is not the volume's owner where the volume is shared. */
  @Column(name = "job_owner", updatable = false)
  public String jobOwner;

  /** The job's directory below the jobs directory. */
  @Column(name = "job_directory", updatable = false)
  public String jobDirectory;

  /** Absolute within the job's directory. */
  @Column(name = "mount_path", updatable = false)
  public String mountPath;

  @Column(name = "read_only", updatable = false)
  public boolean readOnly;

  @Enumerated(EnumType.STRING)
  @Column(name = "access_mode", updatable = false)
  public AccessMode accessMode;

  @Enumerated(EnumType.STRING)
  public State state;

  @Column(name = "created_at", updatable = false)
  public Instant createdAt;

  @Column(name = "attached_at")
  public Instant attachedAt;

  /** The job's, on the disk behind the volume. */
  @Embedded public IoLimitColumns ioLimits = IoLimitColumns.none();

  /** Why it is being detached, or why that does not go on; for people. */
  public String reason = "";

  @Version
  @Column(name = "row_version")
  public long rowVersion;

  /** Whether the caller may know that this job holds the volume. */
  public boolean visibleTo(Identity caller) {
    return caller.seesAll() || jobOwner.equals(caller.owner());
  }

  /** ATTACHING is taken back after a crash, DETACHING is finished. */
  public enum State {
    ATTACHING,
    ATTACHED,
    DETACHING
  }
}
