package io.joblet.storage.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SweepClockTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant USED = Instant.parse("2026-05-01T12:00:00Z");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final SweepClock clock = new SweepClock(nanos::get);
  private final UUID id = UUID.randomUUID();

  @Test
  void onlyObservesAtTheFirstSightingHoweverOldTheStampIs() {
    assertThat(age(USED.plus(Duration.ofDays(400)))).isLessThan(HOUR);

    pass(Duration.ofSeconds(1));

    assertThat(age(USED.plus(Duration.ofDays(400)))).isGreaterThanOrEqualTo(HOUR);
  }

  @Test
  void countsWhatLiesBeforeTheFirstSightingWhenItIsShort() {
    assertThat(age(USED.plus(Duration.ofMinutes(20)))).isEqualTo(Duration.ofMinutes(20));
  }

  @Test
  void doesNotBelieveAClockThatIsSetAYearOn() {
    age(USED);
    pass(Duration.ofSeconds(30));

    assertThat(age(USED.plus(Duration.ofDays(365)))).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void doesNotBelieveAClockThatIsSetAYearBack() {
    assertThat(age(USED.minus(Duration.ofDays(365)))).isEqualTo(Duration.ZERO);
    pass(HOUR);

    assertThat(age(USED.minus(Duration.ofDays(365)))).isEqualTo(HOUR);
  }

  @Test
  void beginsAnewWithAnotherStamp() {
    age(USED);
    pass(HOUR);

    assertThat(clock.age(id, USED.plusSeconds(1), USED.plusSeconds(1), HOUR))
        .isEqualTo(Duration.ZERO);
  }

  @Test
  void forgetsWhatIsNotKept() {
    age(USED);
    pass(HOUR);
    clock.keepOnly(Set.of(UUID.randomUUID()));

    assertThat(age(USED)).isEqualTo(Duration.ZERO);
  }

  @Test
  void takesALimitOfZeroForOldAtOnce() {
    assertThat(clock.age(id, USED, USED.plusSeconds(5), Duration.ZERO)).isEqualTo(Duration.ZERO);
  }

  private Duration age(Instant now) {
    return clock.age(id, USED, now, HOUR);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
