package io.joblet.storage.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What the long forms of all proofs have in common, from when a test begins: {@code
 * -Djoblet.crash.seed} for what is drawn; {@code -Djoblet.crash.only}, a pattern of the scenarios
 * meant; {@code -Djoblet.crash.back=longest} for kills at every place of a longest way back instead
 * of one place of each; and {@code -Djoblet.crash.minutes}, after which nothing further is begun
 * and what was made until then is told.
 */
final class LongForm {
  static final String ALL = "all";

  private static final String ONLY = System.getProperty("joblet.crash.only", ".*");
  static final long SEED = Long.getLong("joblet.crash.seed", 20);
  private static final String BACK = System.getProperty("joblet.crash.back", "each");
  private static final long MINUTES = Long.getLong("joblet.crash.minutes", 24 * 60);

  private final Instant end = Instant.now().plus(Duration.ofMinutes(MINUTES));

  /** The operations on volumes and those on jobs, and sweeps. */
  static List<Scenario> all() {
    return Stream.of(Scenario.all(), JobScenarios.all(), SweepScenarios.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Those of all that are meant. */
  static List<Scenario> chosen() {
    return chosen(all());
  }

  /** All that are meant for the count {@code all}, and else a few. */
  static List<Scenario> chosen(List<Scenario> all, String count, int few) {
    List<Scenario> chosen = chosen(all);
    return count.equals(ALL) ? chosen : drawn(chosen, few);
  }

  static List<Scenario> chosen(List<Scenario> all) {
    return all.stream().filter(s -> s.name().matches(ONLY)).toList();
  }

  /** That many in an order of the seed's; all of them in that order for {@code all}. */
  static <T> List<T> drawn(List<T> all, String count) {
    return drawn(all, count.equals(ALL) ? all.size() : Integer.parseInt(count));
  }

  static <T> List<T> drawn(List<T> all, int count) {
    List<T> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, new Random(SEED));
    return shuffled.subList(0, Math.min(count, shuffled.size()));
  }

  static boolean longestWaysBack() {
    return BACK.equals("longest");
  }

  boolean hasTime() {
    return Instant.now().isBefore(end);
  }

  <T> Iterable<T> whileThereIsTime(List<T> all) {
    return () -> all.stream().takeWhile(one -> hasTime()).iterator();
  }
}
