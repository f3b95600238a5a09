package io.joblet.storage.journal;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Answers that were promised to callers by {@link Reply#promise}, for whoever finishes the deed.
 */
@ApplicationScoped
public class Promises {
  private final EntityManager entities;

  Promises(EntityManager entities) {
    this.entities = entities;
  }

  /**
   * Keeps what was promised about {@code subject}, if anything was: the answer is the one that was
   * promised then. For a deed that is finished on somebody else's behalf.
   */
  public <T> Reply<T> of(UUID subject) {
    return new Reply<>() {
      @Override
      public void record(T answer) {
        kept(subject);
      }

      @Override
      public void add(Changes changes, T answer) {
        changes.add("update request set subject_id = null where subject_id = ?", subject);
      }

      @Override
      public void promise(UUID about, Supplier<T> answer) {}

      @Override
      public void promise(Changes changes, UUID about, Supplier<T> answer) {}

      @Override
      public void takeBack() {}
    };
  }

  /** What was begun with {@code subject} is done, whoever began it; within that transaction. */
  public void kept(UUID subject) {
    entities
        .createQuery("update Request set subjectId = null where subjectId = :subject")
        .setParameter("subject", subject)
        .executeUpdate();
  }

  /** What was begun with {@code subject} was taken back; within that transaction. */
  public void broken(UUID subject) {
    entities
        .createQuery("delete from Request where subjectId = :subject")
        .setParameter("subject", subject)
        .executeUpdate();
  }

  /** {@link #broken(UUID)}, as one of the changes that are that transaction. */
  public void broken(Changes changes, UUID subject) {
    changes.add("delete from request where subject_id = ?", subject);
  }

  /** Whether something is still being done with it, or has to be finished. */
  boolean open(UUID subject) {
    return (Boolean)
        entities
            .createNativeQuery("select exists (select from unsettled where id = :subject)")
            .setParameter("subject", subject)
            .getSingleResult();
  }
}
