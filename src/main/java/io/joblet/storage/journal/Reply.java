package io.joblet.storage.journal;

/**
 * Writes down the answer to a call inside the transaction that makes it true, so that the same
 * request id finds it afterwards if and only if it is true.
 */
@FunctionalInterface
public interface Reply<T> {
  /** Called at most once per successful call, in the last transaction of the use case. */
  void record(T answer);

  /** For calls without a request id. */
  static <T> Reply<T> none() {
    return answer -> {};
  }
}
