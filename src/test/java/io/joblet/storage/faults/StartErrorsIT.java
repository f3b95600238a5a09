package io.joblet.storage.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A start that puts a killed operation in order, and in which a host call fails, comes up or says
 * in a sentence why it does not; the start after it puts all in order.
 *
 * <p>{@code -Djoblet.crash.errors=N} makes so many calls fail, {@code all} each call of the start
 * after each operation, with one of the seven errors. What else there is to set: {@link LongForm}.
 */
class StartErrorsIT {
  private static final String ROUNDS = System.getProperty("joblet.crash.errors", "1");

  @TempDir static Path directory;
  private static Installation installation;
  private static Crashes crashes;

  private record Fault(KillPoint before, HostCall call, String errno) {
    @Override
    public String toString() {
      return before + ", then in the start " + call + " failing with " + errno;
    }
  }

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
  void comesUpOrSaysWhyAndTheNextPutsAllInOrder() throws Exception {
    Proof proof = new Proof("a host call fails in a start that recovers from a kill");
    new InTurns<>(
            LongForm.chosen(LongForm.all(), ROUNDS, 1),
            ROUNDS,
            s -> proof.places(s.name(), faults(s)))
        .whileThereIsTime(new LongForm(), proof, fault -> attempt(proof, fault));
    proof.conclude();
  }

  private static List<Fault> faults(Scenario scenario) throws Exception {
    KillPoint middle = crashes.inTheMiddleOf(scenario);
    crashes.killAt(middle);
    List<Fault> faults = new ArrayList<>();
    for (HostCall call : crashes.callsInAStart()) {
      faults.add(new Fault(middle, call, ErrorsIT.errno(faults.size())));
    }
    return faults;
  }

  private static void attempt(Proof proof, Fault fault) throws Exception {
    String on = fault.before().scenario().name();
    if (!crashes.killAt(fault.before())) {
      proof.tried(on, fault + ", not killed", false, crashes.problems());
      return;
    }
    FailedStart start = FailedStart.at(installation, fault.call(), fault.errno());
    List<String> problems = new ArrayList<>(start.problems());
    crashes.restart();
    problems.addAll(crashes.problems());
    String end = start.cameUp() ? ", came up" : ", refused";
    proof.tried(on, fault + end, start.injected(), problems);
  }
}
