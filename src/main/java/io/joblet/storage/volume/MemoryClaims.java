package io.joblet.storage.volume;

/** Who else than memory volumes claims memory of the budget; jobs do, for their scratch space. */
public interface MemoryClaims {
  /** Bytes claimed, by the rows; within a transaction. */
  long bytes();

  /** Whether nobody is about to change it. */
  boolean idle();
}
