package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private static final int SHORT_FORM = 6;
  private static final int SHORT_FORM_OF_JOBS = 2;

  /** A second restart after each would double the time. */
  private static final int SECOND_RESTART_EVERY = 6;

  @TempDir static Path directory;
  private static Installation installation;
  private static Crashes crashes;
  private final List<KillPoint> missed = new ArrayList<>();
  private String draws = ROUNDS;
  private int tried;
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
    killBetween(chosen());
  }

  @Test
  void leavesNothingBehindWhenKilledWhileTakingBack() throws Exception {
    killWhileTakingBack(chosen());
  }

  @Test
  void leavesNothingBehindOfJobsWhenKilledBetweenTwoSteps() throws Exception {
    killBetween(chosenOfJobs());
  }

  @Test
  void leavesNothingBehindOfJobsWhenKilledWhileTakingBack() throws Exception {
    killWhileTakingBack(chosenOfJobs());
  }

  private void killBetween(List<Scenario> scenarios) throws Exception {
    Proof proof = new Proof("kill before a host call");
    new InTurns<>(scenarios, draws, crashes::boundaries)
        .whileThereIsTime(form, point -> kill(proof, point));
    conclude(proof);
  }

  /**
   * At one place after each of the calls that fail; in the long form also at every place of each
   * scenario's longest way back.
   */
  private void killWhileTakingBack(List<Scenario> scenarios) throws Exception {
    Proof proof = new Proof("kill while a failure is taken back");
    Map<Scenario, List<KillPoint>> longest = new LinkedHashMap<>();
    new InTurns<>(scenarios, draws, this::failing)
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
      new InTurns<>(List.copyOf(longest.keySet()), draws, longest::get)
          .whileThereIsTime(form, point -> kill(proof, point));
    }
    conclude(proof);
  }

  private record Failing(Scenario scenario, HostCall call) {}

  private List<Failing> failing(Scenario scenario) throws Exception {
    return crashes.changes(scenario).stream().map(call -> new Failing(scenario, call)).toList();
  }

  private void kill(Proof proof, KillPoint point) throws Exception {
    boolean killed = crashes.killAt(point);
    tried++;
    if (!killed) {
      missed.add(point);
    }
    crashes.restart();
    List<String> problems = new ArrayList<>(crashes.problems());
    if (tried % SECOND_RESTART_EVERY == 0 && problems.isEmpty()) {
      String first = crashes.snapshot();
      crashes.restart();
      String second = crashes.snapshot();
      if (!second.equals(first)) {
        problems.add("a second start changed " + first + " to " + second);
      }
    }
    proof.tried(point.scenario().name(), point, killed, problems);
  }

  private void conclude(Proof proof) throws Exception {
    System.out.printf(
        "CrashIT: %d tried, missed: %s, left to the settle sweep: %s%n",
        tried, missed, crashes.leftToSweep());
    proof.conclude();
    assertThat(missed)
        .as("of %d kills, those that missed", tried)
        .hasSizeLessThan(tried * 2 / 3 + 1);
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
}
