package io.joblet.storage.volume;

import io.joblet.storage.journal.KeyedLocks;
import io.joblet.storage.journal.KeyedLocks.Held;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;

/**
 * Who works on which volume. Every use case holds its volumes from the intent to the outcome, so a
 * transitional row that can be locked is one that nobody works on any more.
 */
@ApplicationScoped
public class VolumeLocks {
  private final KeyedLocks<UUID> locks = new KeyedLocks<>();

  public Held lock(UUID volumeId) {
    return locks.lock(volumeId);
  }

  public Optional<Held> tryLock(UUID volumeId) {
    return locks.tryLock(volumeId);
  }

  /** Whether nobody holds or waits for any volume. */
  boolean idle() {
    return locks.inUse().isEmpty();
  }

  /** In the order of ids, so that two callers with the same volumes never wait for each other. */
  public Held lockAll(Collection<UUID> volumeIds) {
    Deque<Held> held = new ArrayDeque<>();
    for (UUID id : volumeIds.stream().sorted().distinct().toList()) {
      held.push(locks.lock(id));
    }
    return () -> held.forEach(Held::close);
  }
}
