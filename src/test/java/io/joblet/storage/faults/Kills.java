package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Kills the daemon of one installation at the places of scenarios, and looks after each. */
final class Kills {
  /** A second restart after each would double the time. */
  private static final int SECOND_RESTART_EVERY = 6;

  private final Crashes crashes;
  private final String draws;
  private final LongForm form = new LongForm();
  private final List<KillPoint> missed = new ArrayList<>();
  private int tried;

  /**
   * For one test.
   *
   * @param draws how often at most, or {@code all}
   */
  Kills(Crashes crashes, String draws) {
    this.crashes = crashes;
    this.draws = draws;
  }

  void between(List<Scenario> scenarios) throws Exception {
    Proof proof = new Proof("kill before a host call");
    new InTurns<>(scenarios, draws, s -> proof.places(s.name(), crashes.boundaries(s)))
        .whileThereIsTime(form, point -> kill(proof, point));
    conclude(proof);
  }

  /**
   * At one place after each of the calls that fail; in the long form also at every place of each
   * scenario's longest way back.
   */
  void whileTakingBack(List<Scenario> scenarios) throws Exception {
    Proof proof = new Proof("kill while a failure is taken back");
    Map<Scenario, List<KillPoint>> longest = new LinkedHashMap<>();
    new InTurns<>(scenarios, draws, s -> proof.places(s.name(), failing(s)))
        .whileThereIsTime(
            form,
            failing -> {
              List<KillPoint> back = crashes.boundariesAfter(failing.scenario(), failing.call());
              longest.merge(failing.scenario(), back, (a, b) -> b.size() > a.size() ? b : a);
              for (KillPoint point : LongForm.drawn(back, 1)) {
                kill(proof, point);
              }
            });
    if (draws.equals(LongForm.ALL)) {
      new InTurns<>(
              List.copyOf(longest.keySet()), draws, s -> proof.places(s.name(), longest.get(s)))
          .whileThereIsTime(form, point -> kill(proof, point));
    }
    conclude(proof);
  }

  private record Failing(Scenario scenario, HostCall call) {}

  private List<Failing> failing(Scenario scenario) throws Exception {
    return crashes.changes(scenario).stream().map(call -> new Failing(scenario, call)).toList();
  }

  /** Twice where it misses: how many looks come before a call differs a little from run to run. */
  private boolean killed(KillPoint point) throws Exception {
    return crashes.killAt(point) || (!point.scenario().before().lost() && crashes.killAt(point));
  }

  private void kill(Proof proof, KillPoint point) throws Exception {
    boolean killed = killed(point);
    tried++;
    if (!killed) {
      missed.add(point);
    }
    crashes.restart();
    List<String> problems = new ArrayList<>();
    if (!point.scenario().before().lost()) {
      problems.addAll(crashes.problems());
    }
    if (tried % SECOND_RESTART_EVERY == 0 && problems.isEmpty()) {
      String first = crashes.snapshot();
      crashes.restart();
      String second = crashes.snapshot();
      if (!second.equals(first)) {
        problems.add("a second start changed " + first + " to " + second);
      }
    }
    if (problems.isEmpty()) {
      problems.addAll(crashes.askAgain(point.scenario()));
      problems.addAll(crashes.problems());
    }
    proof.tried(point.scenario().name(), point, killed, problems);
  }

  private void conclude(Proof proof) throws Exception {
    System.out.printf(
        "Kills: %d tried, missed: %s, left to the settle sweep: %s%n",
        tried, missed, crashes.leftToSweep());
    proof.conclude();
    assertThat(missed)
        .as("of %d kills, those that missed", tried)
        .hasSizeLessThan(tried * 2 / 3 + 1);
  }
}
