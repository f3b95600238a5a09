package io.joblet.storage.simulation;

import io.joblet.storage.simulation.History.Round;
import java.util.ArrayList;
import java.util.List;

/** Leaves out what a failing history does not need to fail: rounds, then steps of rounds. */
final class Shorter {
  private Shorter() {}

  static History of(History failing, Simulation simulation) {
    History shortest = failing;
    boolean shorter = true;
    while (shorter) {
      shorter = false;
      for (History candidate : candidates(shortest)) {
        if (simulation.play(candidate).isPresent()) {
          shortest = candidate;
          shorter = true;
          break;
        }
      }
    }
    return shortest;
  }

  private static List<History> candidates(History history) {
    List<History> all = new ArrayList<>();
    List<Round> rounds = history.rounds();
    for (int i = rounds.size() - 1; i >= 0; i--) {
      List<Round> fewer = new ArrayList<>(rounds);
      Round round = fewer.remove(i);
      all.add(history.with(fewer));
      for (int j = 0; round.steps().size() > 1 && j < round.steps().size(); j++) {
        List<Step> steps = new ArrayList<>(round.steps());
        steps.remove(j);
        List<Round> same = new ArrayList<>(rounds);
        same.set(i, new Round(round.seed(), steps, round.chance(), round.settled()));
        all.add(history.with(same));
      }
      if (round.chance() > 0) {
        List<Round> calm = new ArrayList<>(rounds);
        calm.set(i, new Round(round.seed(), round.steps(), 0, round.settled()));
        all.add(history.with(calm));
      }
    }
    return all;
  }
}
