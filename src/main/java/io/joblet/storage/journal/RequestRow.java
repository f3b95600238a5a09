package io.joblet.storage.journal;

import io.joblet.storage.problem.Problem;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** An answer already given; see the table's comment. */
@Entity(name = "Request")
@Table(name = "request")
class RequestRow {
  @EmbeddedId Key key;
  String method;

  @Column(name = "body_sha256")
  byte[] bodySha256;

  byte[] answer;

  /** While the answer is only promised: what it is about. */
  @Column(name = "subject_id")
  UUID subjectId;

  @Column(name = "created_at")
  Instant createdAt;

  /**
   * This row.
   *
   * @throws Problem.Invalid when its id was given to another request
   */
  RequestRow sameAs(String otherMethod, byte[] otherBody) {
    if (!method.equals(otherMethod) || !Arrays.equals(bodySha256, otherBody)) {
      throw new Problem.Invalid(
          "request_id", "was used before with another request (" + method + ")");
    }
    return this;
  }

  /** Ids are the caller's, so they are kept apart by who called. */
  @Embeddable
  record Key(
      @Column(name = "node_id") UUID nodeId,
      @Column(name = "principal") String principal,
      @Column(name = "request_id") String requestId)
      implements Serializable {}
}
