package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.faults.Scenario.Before;
import java.util.ArrayList;
import java.util.List;

/** Kills the daemon of one installation at the places of scenarios, and looks after each. */
final class Kills {
  /** So many at most are tried until a kill takes place. */
  private static final int PLACES = 3;

  /** So many more calls fail in a short form until kills have taken place. */
  private static final int SPARE = 2;

  /** A second restart after each would double the time. */
  private static final int SECOND_RESTART_EVERY = 6;

  private final Crashes crashes;
  private final String draws;
  private final LongForm form = new LongForm();
  private final List<KillPoint> missed = new ArrayList<>();
  private int tried;
  private int restarts;

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
        .whileThereIsTime(form, proof, point -> kill(proof, List.of(point)));
    conclude(proof);
  }

  /**
   * At one place after each of the calls that fail; where a kill misses, at another, and the short
   * form after another call.
   */
  void whileTakingBack(List<Scenario> scenarios) throws Exception {
    Proof proof = new Proof("kill while a failure is taken back");
    boolean all = draws.equals(LongForm.ALL);
    int enough = all ? Integer.MAX_VALUE : Integer.parseInt(draws);
    String count = all ? draws : Integer.toString(enough + SPARE);
    new InTurns<>(scenarios, count, s -> proof.places(s.name(), failing(s)))
        .whileThereIsTime(
            form,
            proof,
            failing -> {
              if (proof.tookPlace() >= enough) {
                return;
              }
              List<KillPoint> back = crashes.boundariesAfter(failing.scenario(), failing.call());
              kill(proof, LongForm.drawn(back, PLACES));
            });
    conclude(proof);
  }

  /** At every place of the longest way back of each scenario. */
  void onTheLongestWaysBack(List<Scenario> scenarios) throws Exception {
    Proof proof = new Proof("kill on the longest way back");
    new InTurns<>(scenarios, draws, s -> proof.places(s.name(), longestWayBack(s)))
        .whileThereIsTime(form, proof, point -> kill(proof, List.of(point)));
    conclude(proof);
  }

  private List<KillPoint> longestWayBack(Scenario scenario) throws Exception {
    List<KillPoint> longest = List.of();
    for (HostCall change : crashes.changes(scenario)) {
      List<KillPoint> back = crashes.boundariesAfter(scenario, change);
      longest = back.size() > longest.size() ? back : longest;
    }
    return longest;
  }

  private record Failing(Scenario scenario, HostCall call) {}

  private List<Failing> failing(Scenario scenario) throws Exception {
    return crashes.changes(scenario).stream().map(call -> new Failing(scenario, call)).toList();
  }

  /** Twice where it misses: how many looks come before a call differs a little from run to run. */
  private boolean killed(KillPoint point, List<String> problems) throws Exception {
    if (crashes.killAt(point)) {
      return true;
    }
    if (point.scenario().before().lost()) {
      return false;
    }
    if (crashes.ended()) {
      problems.add("it ended, and by no kill");
      return false;
    }
    if (point.scenario().before() != Before.MOUNTS_GONE) {
      problems.addAll(crashes.problems());
    }
    return crashes.killAt(point);
  }

  /** At the first of these places that it comes to, which is one try. */
  private void kill(Proof proof, List<KillPoint> points) throws Exception {
    List<String> problems = new ArrayList<>();
    boolean killed = false;
    KillPoint last = null;
    for (KillPoint point : points) {
      last = point;
      killed = killed(point, problems);
      lookAfter(point, problems);
      if (killed || !problems.isEmpty()) {
        break;
      }
    }
    if (last == null) {
      return;
    }
    tried++;
    if (!killed) {
      missed.add(last);
    }
    proof.tried(last.scenario().name(), last, killed, problems);
  }

  private void lookAfter(KillPoint point, List<String> problems) throws Exception {
    crashes.restart();
    if (!point.scenario().before().lost()) {
      problems.addAll(crashes.problems());
    }
    if (++restarts % SECOND_RESTART_EVERY == 0 && problems.isEmpty()) {
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
