package io.joblet.storage.journal;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.UUID;

/** A host that runs a daemon. Every other row says which one it belongs to. */
@Entity
public class Node extends PanacheEntityBase {
  @Id public UUID id;
  public String name;

  /** The boot in which the daemon last started, random(4). */
  @Column(name = "boot_id")
  public String bootId;

  /** The daemon that may write; see the fencing trigger. */
  public UUID incarnation;

  /** Of the daemon's program. */
  public String version;

  /** Backend that serves volumes on disk. */
  public String provider;

  @Column(name = "started_at")
  public Instant startedAt;

  @Version
  @Column(name = "row_version")
  public long rowVersion;
}
