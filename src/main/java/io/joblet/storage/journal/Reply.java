package io.joblet.storage.journal;

/**
 * Writes down the answer to a call inside the transaction that makes it true, so that the same
 * request id finds it afterwards if and only if it is true.
 */
public interface Reply<T> {
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
      public void record(T answer) {}

      @Override
      public void add(Changes changes, T answer) {}

      @Override
      public void takeBack() {}
    };
  }
}
