package io.joblet.storage.host.linux;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One syncfs(2) for all who wait for one. A caller is served by a round that began after it called,
 * never by one that was under way: that one may have passed over the caller's work. Whoever is
 * first among those waiting leads the next round. A round's failure is everybody's in it.
 */
final class GroupSync {
  private final Runnable sync;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition roundEnded = lock.newCondition();
  private Round gathering = new Round();
  private boolean running;

  GroupSync(Runnable sync) {
    this.sync = sync;
  }

  /** Returns when everything the caller did before is on stable storage. */
  void sync() {
    lock.lock();
    try {
      Round mine = gathering;
      while (!mine.ended) {
        if (running) {
          roundEnded.awaitUninterruptibly();
        } else {
          lead(mine);
        }
      }
      if (mine.failure != null) {
        throw mine.failure;
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many callers wait for a round under way to end; for tests. */
  int waiting() {
    lock.lock();
    try {
      return lock.getWaitQueueLength(roundEnded);
    } finally {
      lock.unlock();
    }
  }

  /** Holds the lock on entry and on return, not during the sync. */
  private void lead(Round round) {
    // What stays where it ends by an Error, which is the leader's alone.
    RuntimeException failure = new IllegalStateException("it did not come to its end");
    gathering = new Round();
    running = true;
    lock.unlock();
    try {
      sync.run();
      failure = null;
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      lock.lock();
      round.failure = failure;
      round.ended = true;
      running = false;
      roundEnded.signalAll();
    }
  }

  /** Those who share one sync. */
  private static final class Round {
    private boolean ended;
    private RuntimeException failure;
  }
}
