package io.joblet.storage.simulation;

import io.joblet.storage.simulation.History.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Puts power cuts between a history's rounds, and lets them come with its deaths. What it draws
 * comes from a stream of its own, as that of {@link Requested} does.
 */
final class PowerCuts {
  private static final long STREAM = 0x706f776572L;

  private PowerCuts() {}

  static History of(History history) {
    SplittableRandom random = new SplittableRandom(history.seed() ^ STREAM);
    List<Round> rounds = new ArrayList<>();
    for (Round round : history.rounds()) {
      rounds.add(round);
      if (random.nextInt(6) == 0) {
        rounds.add(cut(random.nextLong()));
      }
    }
    return new History(history.seed(), rounds, true);
  }

  static Round cut(long seed) {
    return new Round(seed, List.of(new Step.PowerCut()), 0, true);
  }
}
