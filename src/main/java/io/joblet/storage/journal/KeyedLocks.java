package io.joblet.storage.journal;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock per key, made when wanted and dropped when nobody wants it. Two keys at a time are only
 * taken in the keys' order, so that nobody waits in a circle.
 *
 * <p>This orders work within the daemon; what must hold in any case is guarded by the database.
 */
public final class KeyedLocks<K> {
  private final ConcurrentHashMap<K, Counted> locks = new ConcurrentHashMap<>();

  /** Releases on close. */
  @FunctionalInterface
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for the key; reentrant. */
  public Held lock(K key) {
    Counted counted = enter(key);
    counted.lock.lock();
    return release(key, counted);
  }

  /** The key, or empty if somebody else has it: for who holds other keys and must not wait. */
  public Optional<Held> tryLock(K key) {
    Counted counted = enter(key);
    if (counted.lock.tryLock()) {
      return Optional.of(release(key, counted));
    }
    leave(key);
    return Optional.empty();
  }

  private Counted enter(K key) {
    return locks.compute(
        key,
        (k, existing) -> {
          Counted lock = existing == null ? new Counted() : existing;
          lock.users++;
          return lock;
        });
  }

  private Held release(K key, Counted counted) {
    return () -> {
      counted.lock.unlock();
      leave(key);
    };
  }

  private void leave(K key) {
    locks.computeIfPresent(key, (k, lock) -> --lock.users == 0 ? null : lock);
  }

  /** Keys that somebody holds or waits for right now. */
  public Set<K> inUse() {
    return Set.copyOf(locks.keySet());
  }

  private static final class Counted {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
  }
}
