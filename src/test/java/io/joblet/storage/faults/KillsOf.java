package io.joblet.storage.faults;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Killed between any two steps on the host of some operations, the daemon leaves nothing behind
 * that its next start does not put in order.
 *
 * <p>{@code -Djoblet.crash.rounds=N} kills N times each way, {@code all} at every boundary; the
 * boundaries of the short form are drawn. What else there is to set: {@link LongForm}.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class KillsOf {
  private static final String ROUNDS = System.getProperty("joblet.crash.rounds", "");
  private static final boolean LONG = !ROUNDS.isEmpty();

  private final List<Scenario> scenarios;
  private final String draws;
  private final String[] settings;
  private Installation installation;
  private Crashes crashes;

  /**
   * The operations meant.
   *
   * @param shortForm how many of them the short form kills, and how often each way; to trace one
   *     takes longer than to kill it
   * @param settings of the daemon, beside those of all
   */
  KillsOf(List<Scenario> all, int shortForm, String... settings) {
    List<Scenario> chosen = LongForm.chosen(all);
    scenarios = LONG ? chosen : LongForm.drawn(chosen, shortForm);
    draws = LONG ? ROUNDS : Integer.toString(shortForm);
    this.settings =
        Stream.of(Crashes.SETTINGS_TO_RECOVER, settings).flatMap(Stream::of).toArray(String[]::new);
  }

  @BeforeAll
  void setUp(@TempDir Path directory) throws Exception {
    installation = new Installation(directory, settings);
    crashes = new Crashes(installation);
  }

  @AfterAll
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void leaveNothingBehindBetweenTwoSteps() throws Exception {
    new Kills(crashes, draws).between(scenarios);
  }

  @Test
  @Tag("rollback")
  void leaveNothingBehindWhileAFailureIsTakenBack() throws Exception {
    Kills kills = new Kills(crashes, draws);
    if (LongForm.longestWaysBack()) {
      kills.onTheLongestWaysBack(scenarios);
    } else {
      kills.whileTakingBack(scenarios);
    }
  }
}
