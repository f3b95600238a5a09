package io.joblet.storage.simulation;

/** A mistake that can be put into what is simulated, to see that it is found. */
enum Flaw {
  NONE,
  /** The host says that a mount is taken away, and leaves it. */
  UNMOUNT_FORGOTTEN,
  /** The host says that all of it is on stable storage, and has done nothing for that. */
  SYNC_FORGOTTEN,
  /** A transaction that was refused is taken for committed. */
  REFUSAL_IGNORED,
  /** Nobody waits for anybody. */
  LOCKS_IGNORED,
  /** The answer is not written down by the transaction that makes it true, but by one after it. */
  ANSWER_WRITTEN_LATER
}
