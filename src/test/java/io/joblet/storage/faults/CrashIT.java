package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Killed between any two steps on the host, the daemon leaves nothing behind that its next start
 * does not put in order.
 *
 * <p>{@code -Djoblet.crash.rounds=N} kills N times each way, {@code all} at every boundary; the
 * boundaries of the short form are drawn. What else there is to set: {@link LongForm}.
 */
class CrashIT {
  private static final String ROUNDS = System.getProperty("joblet.crash.rounds", "6");

  private static final String TAKING_BACK = "kill while a failure is taken back";

  private static final int SHORT_FORM = 6;
  private static final int SHORT_FORM_OF_JOBS = 2;

  /** A second restart after each would double the time. */
  private static final int SECOND_RESTART_EVERY = 6;

  @TempDir static Path directory;
  private static Installation installation;
  private static Crashes crashes;
  private String draws = ROUNDS;
  private final LongForm form = new LongForm();

  @BeforeAll
  static void setUp() throws Exception {
    installation = new Installation(directory, Crashes.SETTINGS);
    crashes = new Crashes(installation);
  }

  @AfterAll
  static void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void leavesNothingBehindWhenKilledBetweenTwoSteps() throws Exception {
    List<KillPoint> points = new ArrayList<>();
    for (Scenario scenario : chosen()) {
      points.addAll(crashes.boundaries(scenario));
    }
    perform("kill before a host call", points);
  }

  @Test
  void leavesNothingBehindWhenKilledWhileTakingBack() throws Exception {
    perform(TAKING_BACK, whileTakingBack(chosen()));
  }

  @Test
  void leavesNothingBehindOfJobsWhenKilledBetweenTwoSteps() throws Exception {
    List<KillPoint> points = new ArrayList<>();
    for (Scenario scenario : chosenOfJobs()) {
      points.addAll(crashes.boundaries(scenario));
    }
    perform("kill before a host call", points);
  }

  @Test
  void leavesNothingBehindOfJobsWhenKilledWhileTakingBack() throws Exception {
    perform(TAKING_BACK, whileTakingBack(chosenOfJobs()));
  }

  /**
   * One place after each of the calls that fail; in the long form also every place of each
   * scenario's longest way back.
   */
  private List<KillPoint> whileTakingBack(List<Scenario> scenarios) throws Exception {
    List<Failing> failing = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      crashes.changes(scenario).forEach(call -> failing.add(new Failing(scenario, call)));
    }
    List<KillPoint> points = new ArrayList<>();
    Map<Scenario, List<KillPoint>> longest = new LinkedHashMap<>();
    for (Failing f : drawn(failing)) {
      List<KillPoint> back = crashes.boundariesAfter(f.scenario(), f.call());
      points.addAll(LongForm.drawn(back, 1));
      longest.merge(f.scenario(), back, (a, b) -> b.size() > a.size() ? b : a);
    }
    if (draws.equals(LongForm.ALL)) {
      longest.values().forEach(points::addAll);
    }
    return points.stream().distinct().toList();
  }

  private record Failing(Scenario scenario, HostCall call) {}

  /** Goes on after a violation, so that the long form tells all of them. */
  private void perform(String part, List<KillPoint> points) throws Exception {
    Proof proof = new Proof(part);
    List<KillPoint> chosen = drawn(points);
    List<String> violations = new ArrayList<>();
    Set<String> known = new HashSet<>();
    int round = 0;
    int before = crashes.kills();
    List<KillPoint> missed = new ArrayList<>();
    for (KillPoint point : form.whileThereIsTime(chosen)) {
      boolean killed = crashes.killAt(point);
      if (!killed) {
        missed.add(point);
      }
      crashes.restart();
      List<String> problems = crashes.problems();
      proof.tried(point.scenario().name(), killed, problems);
      problems.stream().filter(known::add).forEach(p -> violations.add(point + ": " + p));
      if (++round % SECOND_RESTART_EVERY == 0 && problems.isEmpty()) {
        String first = crashes.snapshot();
        crashes.restart();
        assertThat(crashes.snapshot()).as("second restart after %s", point).isEqualTo(first);
      }
    }
    proof.write();
    int kills = crashes.kills() - before;
    System.out.printf(
        "CrashIT: %d boundaries seen, %d tried, %d kills, missed: %s, left to the settle sweep: %s,"
            + " violations: %s%n",
        points.size(), round, kills, missed, crashes.leftToSweep(), violations);
    assertThat(violations).isEmpty();
    assertThat(kills).as("kills that took place").isGreaterThan(round / 3);
  }

  /** A trace of each takes longer than the kills of the short form, which are at a few of them. */
  private List<Scenario> chosen() {
    List<Scenario> chosen = LongForm.chosen(Scenario.all());
    return System.getProperty("joblet.crash.rounds") == null
        ? LongForm.drawn(chosen, SHORT_FORM)
        : chosen;
  }

  /** Each has hundreds of boundaries, so that the short form takes a few of them. */
  private List<Scenario> chosenOfJobs() {
    List<Scenario> chosen = LongForm.chosen(JobScenarios.all());
    if (System.getProperty("joblet.crash.rounds") != null) {
      return chosen;
    }
    draws = Integer.toString(SHORT_FORM_OF_JOBS);
    return LongForm.drawn(chosen, SHORT_FORM_OF_JOBS);
  }

  private <T> List<T> drawn(List<T> all) {
    return LongForm.drawn(all, draws);
  }
}
