package io.joblet.storage.journal;

import jakarta.persistence.EntityManager;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes down that a call succeeded, in the transaction that makes it true, along with the answer.
 * What a crash leaves is both or neither.
 *
 * <p>For one call; it may be used by several threads one after the other.
 */
public final class AuditedReply<T> implements Reply<T> {
  private final Reply<T> reply;
  private final Audit audit;
  private final EntityManager entities;
  private final AuditedCall call;
  private volatile AuditRow written;

  AuditedReply(Reply<T> reply, Audit audit, EntityManager entities, AuditedCall call) {
    this.reply = reply;
    this.audit = audit;
    this.entities = entities;
    this.call = call;
  }

  @Override
  public void promise(UUID subject, Supplier<T> answer) {
    reply.promise(subject, answer);
  }

  @Override
  public void promise(Changes changes, UUID subject, Supplier<T> answer) {
    reply.promise(changes, subject, answer);
  }

  @Override
  public void record(T answer) {
    reply.record(answer);
    AuditRow row = audit.row(call, Audit.OK, null);
    entities.persist(row);
    written = row;
  }

  @Override
  public void add(Changes changes, T answer) {
    reply.add(changes, answer);
    AuditRow row = audit.row(call, Audit.OK, null);
    Audit.add(changes, row);
    written = row;
  }

  @Override
  public void takeBack() {
    reply.takeBack();
    AuditRow untrue = written;
    if (untrue != null) {
      entities
          .createQuery("delete from Audit where id = :id")
          .setParameter("id", untrue.id)
          .executeUpdate();
      written = null;
    }
  }

  /** Whether it is written down; of use once the call has succeeded. */
  public boolean written() {
    return written != null;
  }
}
