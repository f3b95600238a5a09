package io.joblet.storage.simulation;

import io.joblet.storage.journal.KeyedLocks.Held;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Who holds what, so that a client waits in {@link Turns} and never in a lock of the code under
 * test, where nobody could take its turn.
 */
final class Taken {
  private final Turns turns;
  private final Points points;
  private final Map<Object, Holder> holders = new HashMap<>();

  private static final class Holder {
    private final Thread thread = Thread.currentThread();
    private int times;
  }

  Taken(Turns turns, Points points) {
    this.turns = turns;
    this.points = points;
  }

  /** {@code lock} does not have to wait when it is called. */
  Held hold(Object key, Supplier<Held> lock) {
    if (points.has(Flaw.LOCKS_IGNORED)) {
      return () -> {};
    }
    await(key);
    return take(key, lock.get());
  }

  /** For what has a monitor of its own around calls in which somebody else gets a turn. */
  Held alone(Object key) {
    await(key);
    return take(key, () -> {});
  }

  private void await(Object key) {
    while (!isFree(key)) {
      turns.await();
      points.requireAlive();
    }
  }

  boolean isFree(Object key) {
    Holder holder = holders.get(key);
    return holder == null || holder.thread == Thread.currentThread();
  }

  Held take(Object key, Held held) {
    holders.computeIfAbsent(key, k -> new Holder()).times++;
    return () -> {
      held.close();
      if (--holders.get(key).times == 0) {
        holders.remove(key);
        turns.released();
      }
    };
  }
}
