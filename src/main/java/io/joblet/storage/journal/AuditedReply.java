package io.joblet.storage.journal;

import jakarta.persistence.EntityManager;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes down that a call succeeded, in the transaction that makes it true, along with the answer:
 * what a crash leaves is both or neither. Where the answer is promised, that the call has begun is
 * written down with the promise, so nobody's change is missing who was killed half way.
 *
 * <p>For one call; it may be used by several threads one after the other.
 */
public final class AuditedReply<T> implements Reply<T> {
  private final Reply<T> reply;
  private final Audit audit;
  private final EntityManager entities;
  private final AuditedCall call;
  private volatile UUID begun;
  private volatile UUID written;

  AuditedReply(Reply<T> reply, Audit audit, EntityManager entities, AuditedCall call) {
    this.reply = reply;
    this.audit = audit;
    this.entities = entities;
    this.call = call;
  }

  @Override
  public void promise(UUID subject, Supplier<T> answer) {
    reply.promise(subject, answer);
    AuditRow row = row(Audit.BEGUN);
    if (begun == null || entities.find(AuditRow.class, row.id) == null) {
      entities.persist(row);
    }
    begun = row.id;
  }

  @Override
  public void promise(Changes changes, UUID subject, Supplier<T> answer) {
    reply.promise(changes, subject, answer);
    AuditRow row = row(Audit.BEGUN);
    Audit.add(changes, row);
    begun = row.id;
  }

  @Override
  public void record(T answer) {
    reply.record(answer);
    AuditRow row = row(Audit.OK);
    if (begun == null || !ended(row)) {
      entities.persist(row);
    }
    written = row.id;
  }

  @Override
  public void add(Changes changes, T answer) {
    reply.add(changes, answer);
    AuditRow row = row(Audit.OK);
    Audit.add(changes, row);
    written = row.id;
  }

  @Override
  public void takeBack() {
    reply.takeBack();
    UUID untrue = written;
    if (untrue != null) {
      entities
          .createQuery("delete from Audit where id = :id")
          .setParameter("id", untrue)
          .executeUpdate();
      written = null;
    }
  }

  /** Whether it is written down; of use once the call has succeeded. */
  public boolean written() {
    return written != null;
  }

  /** The row that says that the call has begun, if there may be one. */
  public Optional<UUID> begun() {
    return Optional.ofNullable(begun);
  }

  /** The same row for all that becomes of the call. */
  private AuditRow row(String outcome) {
    AuditRow row = audit.row(call, outcome, null);
    begun().ifPresent(id -> row.id = id);
    return row;
  }

  /** False if the transaction that wrote the beginning was rolled back. */
  private boolean ended(AuditRow row) {
    return entities
            .createNativeQuery(
                "update audit set outcome = :outcome, duration_us = :duration where id = :id")
            .setParameter("outcome", row.outcome)
            .setParameter("duration", row.durationUs)
            .setParameter("id", row.id)
            .executeUpdate()
        == 1;
  }
}
