package io.joblet.storage.simulation;

import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.volume.VolumeLocks;
import jakarta.enterprise.inject.Vetoed;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;

/** The locks of volumes, real ones, that are waited for in {@link Taken}. */
@Vetoed
class TakenVolumes extends VolumeLocks {
  private final Taken taken;

  TakenVolumes(Taken taken) {
    this.taken = taken;
  }

  @Override
  public Held lock(UUID volumeId) {
    return taken.hold(volumeId, () -> super.lock(volumeId));
  }

  @Override
  public Optional<Held> tryLock(UUID volumeId) {
    return super.tryLock(volumeId).map(held -> taken.take(volumeId, held));
  }

  @Override
  public Held lockAll(Collection<UUID> volumeIds) {
    Deque<Held> held = new ArrayDeque<>();
    try {
      volumeIds.stream().sorted().distinct().forEach(id -> held.push(lock(id)));
    } catch (Killed e) {
      held.forEach(Held::close);
      throw e;
    }
    return () -> held.forEach(Held::close);
  }
}
