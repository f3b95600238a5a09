package io.joblet.storage.journal;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.Mutability;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.java.Immutability;

/** What was done to the host, for people and SQL; never read back to decide anything. */
@Entity(name = "HostOperation")
@Table(name = "host_operation")
@Immutable
class OperationRow extends PanacheEntityBase {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  Long id;

  @Column(name = "node_id")
  UUID nodeId;

  String kind;
  String outcome;

  @Column(name = "volume_id")
  UUID volumeId;

  @Column(name = "volume_name")
  String volumeName;

  String owner;

  @Column(name = "job_name")
  String jobName;

  String principal;

  @Column(name = "request_id")
  String requestId;

  @Column(name = "started_at")
  Instant startedAt;

  @Column(name = "duration_us")
  long durationUs;

  @JdbcTypeCode(SqlTypes.JSON)
  @Mutability(Immutability.class)
  Step[] steps;

  String error;

  /** Always 0: nothing changes what was done. */
  @Version
  @Column(name = "row_version")
  long rowVersion;

  /** One element of the JSON array in that column. */
  record Step(String step, String outcome, long micros, String error) implements Serializable {}
}
