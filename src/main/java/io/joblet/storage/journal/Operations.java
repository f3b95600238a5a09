package io.joblet.storage.journal;

import io.joblet.storage.host.StepRecord;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.UUID;

/** Writes the operations table, in the transaction that also changes the rows. */
@ApplicationScoped
public class Operations {
  private final EntityManager entities;
  private final CurrentNode node;

  Operations(EntityManager entities, CurrentNode node) {
    this.entities = entities;
    this.node = node;
  }

  /**
   * What an operation was about.
   *
   * @param volumeId null if no volume is known to be concerned
   * @param volumeName null if no row tells it
   * @param owner null if no row tells it
   * @param jobName null if no job took part
   */
  public record Subject(UUID volumeId, String volumeName, String owner, String jobName) {
    /** What no row explains; the steps say what it was. */
    public static Subject unknown(UUID volumeId) {
      return new Subject(volumeId, null, null, null);
    }
  }

  /** Within a transaction. Does nothing for a plan that had no steps. */
  public void record(Deed deed, Subject subject, Caller caller) {
    if (!deed.steps().isEmpty()) {
      entities.persist(row(deed, subject, caller));
    }
  }

  /** {@link #record}, as one of several changes. */
  public void add(Changes changes, Deed deed, Subject subject, Caller caller) {
    if (deed.steps().isEmpty()) {
      return;
    }
    OperationRow row = row(deed, subject, caller);
    changes.add(
        "insert into host_operation (node_id, kind, outcome, volume_id, volume_name, owner,"
            + " job_name, principal, request_id, started_at, duration_us, steps, error, row_version)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, 0)",
        row.nodeId,
        row.kind,
        row.outcome,
        row.volumeId,
        row.volumeName,
        row.owner,
        row.jobName,
        row.principal,
        row.requestId,
        row.startedAt,
        row.durationUs,
        Json.text(row.steps),
        row.error);
  }

  private OperationRow row(Deed deed, Subject subject, Caller caller) {
    OperationRow row = new OperationRow();
    row.nodeId = node.id();
    row.kind = deed.kind();
    row.outcome = deed.outcome().name();
    row.volumeId = subject.volumeId();
    row.volumeName = subject.volumeName();
    row.owner = subject.owner();
    row.jobName = subject.jobName();
    row.principal = caller.principal();
    row.requestId = caller.requestId().orElse(null);
    row.startedAt = deed.startedAt();
    row.durationUs = deed.took().toNanos() / 1000;
    row.steps = deed.steps().stream().map(Operations::step).toArray(OperationRow.Step[]::new);
    row.error = deed.failure().map(Throwable::getMessage).orElse(null);
    return row;
  }

  /** Drops records older than {@code before}; within a transaction. Returns how many. */
  public int forgetBefore(Instant before) {
    return entities
        .createQuery("delete from HostOperation where nodeId = :node and startedAt < :before")
        .setParameter("node", node.id())
        .setParameter("before", before)
        .executeUpdate();
  }

  private static OperationRow.Step step(StepRecord step) {
    return new OperationRow.Step(
        step.operation().toString(),
        step.outcome().name(),
        step.took().toNanos() / 1000,
        step.error());
  }
}
