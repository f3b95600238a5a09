package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A connection to PostgreSQL is lost before a statement, or after it with its answer, that of a
 * COMMIT included: the call is refused with UNAVAILABLE or does what it should, and soon host and
 * rows agree, with no restart.
 *
 * <p>{@code -Djoblet.crash.losses=N} loses so many, {@code all} one at each place of each
 * operation. What else there is to set: {@link LongForm}.
 */
class DatabaseFaultsIT {
  private static final String ROUNDS = System.getProperty("joblet.crash.losses", "4");

  private static final String DATABASE = "proxied";

  /** Of so many scenarios the short form counts the statements. */
  private static final int SCENARIOS_OF_SHORT_FORM = 2;

  @TempDir Path directory;
  private Installation holder;
  private DatabaseProxy proxy;
  private Installation installation;
  private Crashes crashes;
  private final LongForm form = new LongForm();

  private record Loss(Scenario scenario, int batch, DatabaseProxy.Side side) {
    @Override
    public String toString() {
      return scenario + ", connection lost " + side + " batch " + batch;
    }
  }

  /** The embedded PostgreSQL of one daemon holds the database of another. */
  @BeforeEach
  void setUp() throws Exception {
    holder = new Installation(Files.createDirectory(directory.resolve("holder")));
    Installation.letThrough(directory);
    holder.start();
    Properties connection = Rows.connection(holder);
    String url = connection.getProperty("url");
    String user = connection.getProperty("user");
    try (Rows superuser = Rows.of(holder, "postgres")) {
      superuser.update("create database " + DATABASE + " owner " + user);
    }
    proxy = new DatabaseProxy(Integer.parseInt(url.replaceFirst(".*:(\\d+)/.*", "$1")));
    String proxied = url.replaceFirst(":\\d+/[^?]*", ":" + proxy.port() + "/" + DATABASE);
    List<String> settings = new ArrayList<>(List.of(Crashes.SETTINGS));
    settings.add("-Djoblet.database.url=" + proxied);
    settings.add("-Djoblet.database.username=" + user);
    settings.add("-Djoblet.database.password=" + Rows.password(holder, user));
    installation =
        new Installation(
            Files.createDirectory(directory.resolve("proxied")), settings.toArray(String[]::new));
    // What an embedded one would have left here, for who looks at the rows; not by the proxy.
    Rows.describe(installation, holder, url.replaceFirst("/[^/?]*($|\\?)", "/" + DATABASE + "$1"));
    crashes = new Crashes(installation);
  }

  @AfterEach
  void tearDown() throws Exception {
    try (Installation last = holder;
        DatabaseProxy between = proxy;
        Installation first = installation) {
      assertThat(last).isNotNull();
    }
  }

  @Test
  void isToldAndPutInOrderWithoutARestart() throws Exception {
    Proof proof = new Proof("connection to the database lost");
    List<String> violations = new ArrayList<>();
    for (Loss loss : form.whileThereIsTime(losses())) {
      Status.Code code = lose(loss);
      boolean lost = proxy.disarm();
      List<String> problems = new ArrayList<>(crashes.problems());
      if (code != Status.Code.OK && code != Status.Code.UNAVAILABLE) {
        problems.add("refused with " + code);
      }
      problems.forEach(p -> violations.add(loss + ", " + code + ": " + p));
      proof.tried(
          loss.scenario().name() + ", " + loss.side().name().toLowerCase(java.util.Locale.ROOT),
          lost,
          problems);
      if (!problems.isEmpty()) {
        crashes.restart();
      }
    }
    proof.write();
    assertThat(violations).isEmpty();
    assertThat(proof.tookPlace()).as("connections that were lost").isPositive();
  }

  private Status.Code lose(Loss loss) throws Exception {
    return crashes.perform(loss.scenario(), () -> proxy.arm(loss.batch(), loss.side()));
  }

  private List<Loss> losses() throws Exception {
    boolean all = ROUNDS.equals(LongForm.ALL);
    List<Scenario> scenarios =
        LongForm.chosen(
            Stream.concat(Scenario.all().stream(), JobScenarios.all().stream()).toList());
    List<Loss> losses = new ArrayList<>();
    for (Scenario scenario :
        LongForm.drawn(scenarios, all ? scenarios.size() : SCENARIOS_OF_SHORT_FORM)) {
      assertThat(crashes.perform(scenario, proxy::disarm)).isEqualTo(Status.Code.OK);
      for (int batch = 1; batch <= proxy.batches(); batch++) {
        for (DatabaseProxy.Side side : DatabaseProxy.Side.values()) {
          losses.add(new Loss(scenario, batch, side));
        }
      }
    }
    return LongForm.drawn(losses, ROUNDS);
  }
}
