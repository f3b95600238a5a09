package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A connection to PostgreSQL is lost before a statement, or after it with its answer, that of a
 * COMMIT included; or PostgreSQL is killed at such a moment; or the answers to a statement, or to
 * all, take long. The call is refused with UNAVAILABLE or does what it should, and soon host and
 * rows agree, with no restart; and the same call with the same request id succeeds then.
 *
 * <p>{@code -Djoblet.crash.losses=N} makes so many of each, {@code all} one at each place of each
 * operation. What else there is to set: {@link LongForm}.
 */
class DatabaseFaultsIT {
  private static final String LONG = System.getProperty("joblet.crash.losses", "");
  private static final String LOSSES = LONG.isEmpty() ? "2" : LONG;
  private static final String DELAYS = LONG.isEmpty() ? "1" : LONG;
  private static final String KILLS = LONG.isEmpty() ? "1" : LONG;

  /** Of so many scenarios the short form of each test counts the statements. */
  private static final int SCENARIOS_OF_SHORT_FORM = 1;

  /** Within that sweeps send something, as they do each second. */
  private static final Duration SOON = Duration.ofSeconds(10);

  /** For each statement: an operation takes a few seconds. */
  private static final Duration SLOW = Duration.ofMillis(300);

  /** For one: in the long form more than a transaction may take, and less than a client waits. */
  private static final Duration STUCK =
      LONG.isEmpty() ? Duration.ofSeconds(2) : ProxiedDatabase.TRANSACTION_TIMEOUT.plusSeconds(3);

  @TempDir static Path directory;
  private static ProxiedDatabase database;
  private final LongForm form = new LongForm();

  private record Loss(Scenario scenario, int batch, DatabaseProxy.Side side) {
    @Override
    public String toString() {
      return scenario + ", connection lost " + side + " batch " + batch;
    }
  }

  /**
   * Answers that come late.
   *
   * @param batch the one whose answer does, or 0 for every one
   */
  private record Delay(Scenario scenario, int batch) {
    @Override
    public String toString() {
      return scenario + ", " + (batch == 0 ? "every batch slow" : "stuck at batch " + batch);
    }
  }

  @BeforeAll
  static void setUp() throws Exception {
    database = ProxiedDatabase.below(directory);
  }

  @AfterAll
  static void tearDown() throws Exception {
    database.close();
  }

  @Test
  void isToldAndPutInOrderWithoutARestart() throws Exception {
    lose(new Proof("connection to the database lost"), LOSSES, "", () -> {});
  }

  @Test
  void isToldAndPutInOrderWhenPostgresqlIsKilled() throws Exception {
    lose(new Proof("PostgreSQL killed"), KILLS, " with PostgreSQL", database::kill);
  }

  private void lose(Proof proof, String count, String with, Runnable blow) throws Exception {
    DatabaseProxy proxy = database.proxy();
    new InTurns<>(
            LongForm.chosen(LongForm.all(), count, SCENARIOS_OF_SHORT_FORM),
            count,
            s -> proof.places(s.name(), losses(s)))
        .whileThereIsTime(
            form,
            proof,
            loss -> {
              Code code =
                  perform(loss.scenario(), () -> proxy.arm(loss.batch(), loss.side(), blow));
              boolean lost = proxy.struck(SOON);
              database.awaitUp();
              proof.tried(
                  loss.scenario().name(),
                  loss + with + ", " + code,
                  lost,
                  problems(loss.scenario(), code));
            });
    proof.conclude();
  }

  @Test
  void aSlowDatabaseIsWaitedForOrToldAndNothingIsLeftInBetween() throws Exception {
    Proof proof = new Proof("database slow");
    DatabaseProxy proxy = database.proxy();
    new InTurns<>(
            LongForm.chosen(LongForm.all(), DELAYS, SCENARIOS_OF_SHORT_FORM),
            DELAYS,
            s -> proof.places(s.name(), delays(s)))
        .whileThereIsTime(
            form,
            proof,
            delay -> {
              int before = proxy.delayed();
              boolean all = delay.batch() == 0;
              Code code =
                  perform(delay.scenario(), () -> proxy.delay(delay.batch(), all ? SLOW : STUCK));
              boolean delayed = proxy.slowed(before, SOON);
              proof.tried(
                  delay.scenario().name(),
                  delay + ", " + code,
                  delayed,
                  problems(delay.scenario(), answered(delay, code)));
            });
    proof.conclude();
  }

  private Code perform(Scenario scenario, Runnable before) throws Exception {
    return database.crashes().perform(scenario, before);
  }

  /** A stop may also say that what is left is still being taken away, which waits for rows. */
  private static Code answered(Delay delay, Code code) {
    boolean goesOn = code == Code.FAILED_PRECONDITION && delay.scenario().name().startsWith("stop");
    return goesOn ? Code.OK : code;
  }

  /** What is wrong after a call that was answered so; the next begins with a new daemon then. */
  private List<String> problems(Scenario scenario, Code code) throws Exception {
    List<String> problems = new ArrayList<>(database.crashes().problems());
    if (code != Code.OK && code != Code.UNAVAILABLE) {
      problems.add("refused with " + code);
    }
    if (problems.isEmpty()) {
      problems.addAll(database.crashes().askAgain(scenario));
      problems.addAll(database.crashes().problems());
    }
    if (!problems.isEmpty()) {
      database.crashes().restart();
    }
    return problems;
  }

  private List<Loss> losses(Scenario scenario) throws Exception {
    List<Loss> losses = new ArrayList<>();
    for (int batch = 1, last = batches(scenario); batch <= last; batch++) {
      for (DatabaseProxy.Side side : DatabaseProxy.Side.values()) {
        losses.add(new Loss(scenario, batch, side));
      }
    }
    return losses;
  }

  private List<Delay> delays(Scenario scenario) throws Exception {
    List<Delay> delays = new ArrayList<>();
    for (int batch = 0, last = batches(scenario); batch <= last; batch++) {
      delays.add(new Delay(scenario, batch));
    }
    return delays;
  }

  /** How many the scenario's call makes. */
  private int batches(Scenario scenario) throws Exception {
    assertThat(perform(scenario, database.proxy()::disarm)).isEqualTo(Code.OK);
    return database.proxy().batches();
  }
}
