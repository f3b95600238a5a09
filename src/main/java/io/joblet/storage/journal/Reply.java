package io.joblet.storage.journal;

import java.util.UUID;
import java.util.function.Supplier;

/**
 * Writes down the answer to a call inside the transaction that makes it true, so that the same
 * request id finds it afterwards if and only if it is true.
 */
public interface Reply<T> {
  /**
   * Written with the first change of a deed that is finished also after a crash: the answer it will
   * have. It counts from {@link #record} on, by whoever finishes it ({@link Promises}). Within a
   * transaction; once more where that was rolled back, or the deed has a second part of the same
   * answer.
   *
   * @param subject the volume, attachment or job that is unsettled meanwhile
   */
  void promise(UUID subject, Supplier<T> answer);

  /** {@link #promise(UUID, Supplier)}, as one of the changes that are that transaction. */
  void promise(Changes changes, UUID subject, Supplier<T> answer);

  /** Called at most once per successful call, in the last transaction of the use case. */
  void record(T answer);

  /** {@link #record}, as one of the changes that are that transaction. */
  void add(Changes changes, T answer);

  /** Forgets what was written down: it has turned out untrue. Within a transaction. */
  void takeBack();

  /** For calls without a request id. */
  static <T> Reply<T> none() {
    return new Reply<>() {
      @Override
      public void promise(UUID subject, Supplier<T> answer) {}

      @Override
      public void promise(Changes changes, UUID subject, Supplier<T> answer) {}

      @Override
      public void record(T answer) {}

      @Override
      public void add(Changes changes, T answer) {}

      @Override
      public void takeBack() {}
    };
  }
}
