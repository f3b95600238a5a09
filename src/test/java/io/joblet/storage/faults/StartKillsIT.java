package io.joblet.storage.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Killed in a start, the daemon leaves nothing behind that its next start does not put in order:
 * not in the first start of all, not in one that puts a killed operation in order, and not in the
 * one after that, which puts the killed start in order.
 *
 * <p>{@code -Djoblet.crash.rounds=all} kills the first start, and the one after each operation, at
 * every place; the third in a row at places that are drawn. What else there is to set: {@link
 * LongForm}.
 */
class StartKillsIT {
  private static final String ROUNDS = System.getProperty("joblet.crash.rounds", "");
  private static final boolean LONG = !ROUNDS.isEmpty();

  private static final int FIRST_STARTS = 1;
  private static final int RECOVERIES = 1;

  /** Places of a start that recovers, where three are killed in a row. */
  private static final int SECONDS = LONG ? 2 : 1;

  /** Places of the start after each of those. */
  private static final int THIRDS = LONG ? 3 : 1;

  @TempDir static Path directory;
  private static Installation installation;
  private static Crashes crashes;
  private final LongForm form = new LongForm();
  private final List<KillChain> missed = new ArrayList<>();
  private int made;

  @BeforeAll
  static void setUp() throws Exception {
    Installation.letThrough(directory);
    installation =
        new Installation(Files.createDirectory(directory.resolve("one")), Crashes.SETTINGS);
    crashes = new Crashes(installation);
  }

  @AfterAll
  static void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void leavesNothingBehindWhenTheFirstStartIsKilled() throws Exception {
    List<HostCall> places = placesInAFirstStart();
    List<HostCall> chosen = LongForm.drawn(places, LONG ? places.size() : FIRST_STARTS);
    Proof proof = new Proof("kill in a start");
    proof.places("the first", places);
    for (HostCall place : form.whileThereIsTime(chosen)) {
      try (Installation fresh = fresh()) {
        Crashes ofFresh = new Crashes(fresh);
        boolean killed = ofFresh.killTheStartAt(place);
        ofFresh.restart();
        note(proof, "the first", new KillChain(null, List.of(place)), killed, ofFresh.problems());
      }
    }
    assertAllIsWell(proof);
  }

  private static List<HostCall> placesInAFirstStart() throws Exception {
    try (Installation fresh = fresh()) {
      return new Crashes(fresh).placesInAStart();
    }
  }

  private static Installation fresh() throws Exception {
    return new Installation(Files.createTempDirectory(directory, "first"), Crashes.SETTINGS)
        .untouched();
  }

  /** What a kill in the middle of each operation or sweep has left is put in order by a start. */
  @Test
  void leavesNothingBehindWhenARecoveryIsKilled() throws Exception {
    Proof proof = new Proof("kill in a start that recovers from a kill");
    new InTurns<>(
            LongForm.chosen(),
            LONG ? LongForm.ALL : Integer.toString(RECOVERIES),
            s -> proof.places(s.name(), longer(inTheMiddleOf(s), Integer.MAX_VALUE)))
        .whileThereIsTime(form, proof, two -> kill(proof, two));
    assertAllIsWell(proof);
  }

  private KillChain inTheMiddleOf(Scenario scenario) throws Exception {
    return new KillChain(crashes.inTheMiddleOf(scenario), List.of());
  }

  /** Three kills in a row: in an operation, in the start after it, and in the start after that. */
  @Test
  void leavesNothingBehindWhenTheRecoveryOfARecoveryIsKilled() throws Exception {
    Proof proof = new Proof("kill in the start after a killed start that recovers from a kill");
    new InTurns<>(LongForm.chosen(), LONG ? LongForm.ALL : "1", this::threeInARow)
        .whileThereIsTime(form, proof, three -> kill(proof, three));
    assertAllIsWell(proof);
  }

  /** Drawn: each place of the second start has as many of its own. */
  private List<KillChain> threeInARow(Scenario scenario) throws Exception {
    KillPoint first = LongForm.drawn(crashes.boundaries(scenario), 1).getFirst();
    List<KillChain> three = new ArrayList<>();
    for (KillChain two : longer(new KillChain(first, List.of()), SECONDS)) {
      three.addAll(longer(two, THIRDS));
    }
    return three;
  }

  /** The chain with a further kill in the start that would put it in order, at places of that. */
  private List<KillChain> longer(KillChain chain, int count) throws Exception {
    crashes.killAt(chain);
    return LongForm.drawn(crashes.placesInAStart(), count).stream().map(chain::then).toList();
  }

  private void kill(Proof proof, KillChain chain) throws Exception {
    boolean killed = crashes.killAt(chain);
    crashes.restart();
    note(proof, chain.first().scenario().name(), chain, killed, crashes.problems());
  }

  private void note(
      Proof proof, String on, KillChain chain, boolean killed, List<String> problems) {
    made++;
    if (!killed) {
      missed.add(chain);
    }
    proof.tried(on, chain, killed, problems);
  }

  private void assertAllIsWell(Proof proof) {
    System.out.printf("StartKillsIT: %d tried, missed: %s%n", made, missed);
    proof.conclude();
  }
}
