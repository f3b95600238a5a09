package io.joblet.storage.reconcile;

import jakarta.inject.Singleton;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Keeps whoever mends by what he has read, and whoever brings volumes back, apart: what a doctor
 * has found to have no row would else be set aside just after a recovery has made one.
 */
@Singleton
class OneAtATime {
  private final ReentrantLock lock = new ReentrantLock();

  /** Waits for whoever is at it; the same thread may begin anew within its work. */
  <T> T call(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
