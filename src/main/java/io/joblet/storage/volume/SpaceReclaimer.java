package io.joblet.storage.volume;

/** Gives space back to the pool when it runs short; the trash does. */
public interface SpaceReclaimer {
  /**
   * Frees what it can without losing anything that was not deleted, at least {@code bytes} if it
   * can.
   */
  void reclaim(long bytes);
}
