package io.joblet.storage.simulation;

import io.joblet.storage.reconcile.IdleSweep;
import io.joblet.storage.reconcile.OrphanSweep;
import io.joblet.storage.reconcile.TrashSweep;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Time as the sweeps see it, which passes only when it is told to. The clock that cannot be set is
 * replaced; the wall clock is not, and all that was written down by it becomes older instead: in
 * the rows by SQL, and here what the sweeps remember of them.
 */
final class SweepTime {
  private static final List<Class<?>> SWEEPS =
      List.of(IdleSweep.class, OrphanSweep.class, TrashSweep.class);

  private final List<Map<UUID, Object>> remembered = new ArrayList<>();
  private final IdentityHashMap<Object, Object> known = new IdentityHashMap<>();
  private long nanos;

  /** The part, its clock replaced if it is one of the sweeps. */
  <T> T told(T part) {
    if (SWEEPS.contains(part.getClass()) && known.put(part, part) == null) {
      replaceClock(part);
    }
    return part;
  }

  void pass(Duration span) {
    nanos += span.toNanos();
    for (Map<UUID, Object> sightings : remembered) {
      sightings.replaceAll((id, sighting) -> older(sighting, span));
    }
  }

  @SuppressWarnings("unchecked")
  private void replaceClock(Object sweep) {
    try {
      Field field = sweep.getClass().getDeclaredField("clock");
      field.setAccessible(true);
      Constructor<?> constructor = field.getType().getDeclaredConstructor(LongSupplier.class);
      constructor.setAccessible(true);
      Object clock = constructor.newInstance((LongSupplier) () -> nanos);
      field.set(sweep, clock);
      Field sightings = field.getType().getDeclaredField("sightings");
      sightings.setAccessible(true);
      remembered.add((Map<UUID, Object>) sightings.get(clock));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the clock of " + sweep.getClass(), e);
    }
  }

  private static Object older(Object sighting, Duration span) {
    try {
      Field stamp = sighting.getClass().getDeclaredField("stamp");
      stamp.setAccessible(true);
      Field seenAt = sighting.getClass().getDeclaredField("seenAt");
      seenAt.setAccessible(true);
      Field before = sighting.getClass().getDeclaredField("before");
      before.setAccessible(true);
      Constructor<?> constructor = sighting.getClass().getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      return constructor.newInstance(
          ((Instant) stamp.get(sighting)).minus(span), seenAt.get(sighting), before.get(sighting));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a sighting cannot be made older", e);
    }
  }
}
