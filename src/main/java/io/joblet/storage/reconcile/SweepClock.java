package io.joblet.storage.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * How long something has stayed as it is, without trusting the wall clock more than it deserves:
 * that clock can be set a year on while a volume has been idle for a second.
 *
 * <p>From the first sighting of a time stamp on, a clock counts that cannot be set. What lies
 * before the first sighting is taken from the wall clock, but never so much that the first sighting
 * alone decides: the first sweep after a start only observes.
 *
 * <p>One thread at a time.
 */
final class SweepClock {
  private final LongSupplier nanos;
  private final Map<UUID, Sighting> sightings = new HashMap<>();

  private record Sighting(Instant stamp, long seenAt, Duration before) {}

  /** {@code nanos} is {@link System#nanoTime} but for tests. */
  SweepClock(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * How long {@code stamp} has been the last one.
   *
   * @param now the wall clock
   * @param limit the age that will have consequences; a first sighting always stays below it
   */
  Duration age(UUID id, Instant stamp, Instant now, Duration limit) {
    Sighting sighting = sightings.get(id);
    if (sighting == null || !sighting.stamp().equals(stamp)) {
      sighting = new Sighting(stamp, nanos.getAsLong(), before(stamp, now, limit));
      sightings.put(id, sighting);
    }
    return sighting.before().plusNanos(nanos.getAsLong() - sighting.seenAt());
  }

  /** Forgets whatever is not among {@code ids}. */
  void keepOnly(Set<UUID> ids) {
    sightings.keySet().retainAll(ids);
  }

  private static Duration before(Instant stamp, Instant now, Duration limit) {
    Duration wall = Duration.between(stamp, now);
    Duration most = limit.minusMillis(1);
    if (wall.isNegative() || most.isNegative()) {
      return Duration.ZERO;
    }
    return wall.compareTo(most) < 0 ? wall : most;
  }
}
