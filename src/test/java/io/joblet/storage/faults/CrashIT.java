package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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

  private static final int FIRST_STARTS = 2;
  private static final int RECOVERIES = 2;
  private static final int PLACES_IN_A_RECOVERY = 2;

  @TempDir Path directory;
  private Installation installation;
  private Crashes crashes;
  private String draws = ROUNDS;
  private final LongForm form = new LongForm();

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory, Crashes.SETTINGS);
    crashes = new Crashes(installation);
  }

  @AfterEach
  void tearDown() throws Exception {
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

  @Test
  void leavesNothingBehindWhenTheFirstStartIsKilled() throws Exception {
    List<HostCall> places = crashes.placesInAStart();
    List<HostCall> chosen =
        draws.equals(LongForm.ALL) ? places : LongForm.drawn(places, FIRST_STARTS);
    List<String> violations = new ArrayList<>();
    List<HostCall> missed = new ArrayList<>();
    int made = 0;
    Proof proof = new Proof("kill in a start");
    for (HostCall place : form.whileThereIsTime(chosen)) {
      made++;
      Path own = Files.createTempDirectory(directory, "first");
      try (Installation fresh = new Installation(own, Crashes.SETTINGS)) {
        Crashes ofFresh = new Crashes(fresh);
        boolean killed = ofFresh.killTheStartAt(place);
        if (!killed) {
          missed.add(place);
        }
        ofFresh.restart();
        List<String> problems = ofFresh.problems();
        problems.forEach(p -> violations.add(place + ": " + p));
        proof.tried("the first", killed, problems);
      }
    }
    proof.write();
    System.out.printf(
        "CrashIT: %d of %d first starts to be killed, missed: %s, violations: %s%n",
        made, chosen.size(), missed, violations);
    assertThat(violations).isEmpty();
    assertThat(missed).hasSizeLessThan(made);
  }

  /** What a kill in the middle of each operation has left is put in order by a start. */
  @Test
  void leavesNothingBehindWhenARecoveryIsKilled() throws Exception {
    List<Scenario> scenarios = chosen();
    boolean all = draws.equals(LongForm.ALL);
    List<String> violations = new ArrayList<>();
    List<String> missed = new ArrayList<>();
    int made = 0;
    int seen = 0;
    Proof proof = new Proof("kill in a start that recovers from a kill");
    for (Scenario scenario :
        form.whileThereIsTime(all ? scenarios : LongForm.drawn(scenarios, RECOVERIES))) {
      List<KillPoint> points = crashes.boundaries(scenario);
      KillPoint middle = points.get(points.size() / 2);
      crashes.killAt(middle);
      List<HostCall> places = crashes.placesInAStart();
      crashes.restart();
      List<HostCall> chosen = all ? places : LongForm.drawn(places, PLACES_IN_A_RECOVERY);
      seen += chosen.size();
      for (HostCall place : form.whileThereIsTime(chosen)) {
        made++;
        crashes.killAt(middle);
        boolean killed = crashes.killTheStartAt(place);
        if (!killed) {
          missed.add(middle + ", start killed at " + place);
        }
        crashes.restart();
        List<String> problems = crashes.problems();
        problems.forEach(p -> violations.add(middle + ", start killed at " + place + ": " + p));
        proof.tried(scenario.name(), killed, problems);
      }
    }
    proof.write();
    System.out.printf(
        "CrashIT: %d of %d starts to be killed, missed: %s, violations: %s%n",
        made, seen, missed, violations);
    assertThat(violations).isEmpty();
    assertThat(missed).hasSizeLessThan(made);
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
        String before = crashes.snapshot();
        crashes.restart();
        assertThat(crashes.snapshot()).as("second restart after %s", point).isEqualTo(before);
      }
    }
    proof.write();
    System.out.printf(
        "CrashIT: %d boundaries seen, %d tried, %d kills, missed: %s, left to the settle sweep: %s,"
            + " violations: %s%n",
        points.size(), round, crashes.kills(), missed, crashes.leftToSweep(), violations);
    assertThat(violations).isEmpty();
    assertThat(crashes.kills()).as("kills that took place").isGreaterThan(round / 3);
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
