package io.joblet.storage.journal;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.Immutable;

/** Who did what; see the table's comment. Never read back to decide anything. */
@Entity(name = "Audit")
@Table(name = "audit")
@Immutable
class AuditRow {
  @Id UUID id;

  @Column(name = "node_id")
  UUID nodeId;

  @Column(name = "at")
  Instant calledAt;

  String principal;
  String role;
  String owner;
  String source;
  String method;
  String target;
  String related;

  @Column(name = "request_id")
  String requestId;

  String outcome;
  String message;

  @Column(name = "duration_us")
  long durationUs;

  /** JSON already. */
  @ColumnTransformer(write = "cast(? as jsonb)")
  String wanted;

  long calls = 1;
}
