package io.joblet.storage.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.linux.HostResource;
import io.joblet.storage.postgres.PostgresResource;
import io.joblet.storage.simulation.History.Round;
import io.joblet.storage.simulation.Step.Kind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten thousand histories, or as many as are asked for; see the package. */
@QuarkusTest
@WithTestResource(value = PostgresResource.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = HostResource.class, scope = TestResourceScope.GLOBAL)
class SimulationTest {
  private static final int HISTORIES = Integer.getInteger("joblet-simulation.histories", 10_000);
  private static final int REPORTED = Integer.getInteger("joblet-simulation.failures", 1);
  private static final Optional<Long> SEED =
      Optional.ofNullable(Long.getLong("joblet-simulation.seed"));

  /** With a flaw, far fewer are needed. */
  private static final int FEW = 300;

  private static final int TWICE = 40;
  private static final long SIZE = 16 * Model.MIB;

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  /** What the daemon says about thousands of faults that were made; kept, since a level is weak. */
  private static final List<Logger> TALKERS =
      List.of(
          Logger.getLogger("io.joblet.storage.job"),
          Logger.getLogger("io.joblet.storage.reconcile"),
          Logger.getLogger("io.joblet.storage.volume"),
          Logger.getLogger("com.arjuna"));

  @Inject StorageConfig config;
  @Inject EntityManager entities;
  @Inject AgroalDataSource source;

  @BeforeEach
  void quieten() throws SQLException {
    TALKERS.forEach(logger -> logger.setLevel(Level.OFF));
    flushes("set synchronous_commit = off");
  }

  @AfterEach
  void speakAgain() throws SQLException {
    TALKERS.forEach(logger -> logger.setLevel(null));
    flushes("reset synchronous_commit");
  }

  /**
   * Nobody kills PostgreSQL here, and thousands of flushes take most of the time. For sessions from
   * now on; other tests do kill it.
   */
  private void flushes(String setting) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("alter role current_user " + setting);
    }
    source.flush(AgroalDataSource.FlushMode.GRACEFUL);
  }

  @Test
  void everyHistoryEndsInAWorldThatItsAnswersAllow() throws SQLException, InterruptedException {
    Histories histories = histories(Flaw.NONE);
    Optional<String> failure =
        SEED.isPresent() ? histories.replay(SEED.get()) : histories.play(1, HISTORIES);
    assertThat(failure).isEmpty();
  }

  /**
   * 34705: a deletion was killed when its data had moved, and then met an obstacle. 35882: a detach
   * that named no place went on beside an attachment to the same job.
   *
   * <p>Both were found before there were request ids and power cuts, and are played without.
   */
  @ParameterizedTest
  @ValueSource(longs = {34705, 35882})
  void aHistoryThatDidNotHoldDoesNow(long seed) throws SQLException, InterruptedException {
    String again = "-Dtest=SimulationTest#aHistoryThatDidNotHoldDoesNow";
    assertThat(histories(Flaw.NONE).replay(History.plain(seed), again)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void findsAFlawThatWasPutIn(Flaw flaw) throws SQLException, InterruptedException {
    assertThat(histories(flaw).play(1, FEW)).isPresent();
  }

  /**
   * Whatever the last three calls were, and whether or not anything made all before them durable.
   */
  @ParameterizedTest
  @EnumSource(names = {"BTRFS", "IMAGE"})
  void whatWasAnsweredIsThereAfterAPowerCut(Kind kind) throws SQLException {
    Step made = new Step.Create(1, "a", kind, SIZE);
    List<Step> calls =
        List.of(
            new Step.Delete("a", true, false),
            new Step.Undelete("a", "a"),
            new Step.Purge("a"),
            new Step.Resize("a", SIZE / 2),
            new Step.Attach(List.of("a"), "", "x", Step.Mode.SHARED, Step.Living.CLEANUP),
            new Step.Create(2, "b", Kind.BTRFS, SIZE));
    histories(Flaw.NONE)
        .on(
            "simulation",
            simulation -> {
              for (List<Step> last : threeOf(calls)) {
                List<Round> rounds = new ArrayList<>();
                rounds.add(alone(made));
                last.forEach(step -> rounds.add(alone(step)));
                rounds.add(PowerCuts.cut(1));
                assertThat(simulation.play(new History(1, rounds, true)))
                    .as("%s", simulation.trace())
                    .isEmpty();
              }
              return null;
            });
  }

  private static Round alone(Step step) {
    return new Round(1, List.of(step), 0, true);
  }

  private static List<List<Step>> threeOf(List<Step> steps) {
    return steps.stream()
        .flatMap(a -> steps.stream().flatMap(b -> steps.stream().map(c -> List.of(a, b, c))))
        .toList();
  }

  @Test
  void aSeedGivesTheSameHistoryEveryTime() throws SQLException {
    for (long seed = 1; seed <= TWICE; seed++) {
      assertThat(trace(seed)).isEqualTo(trace(seed));
    }
  }

  /** The name is free from the moment at which the deletion is written down. */
  @Test
  void aDeletionThatTheHostRefusesWhileItsNameIsGivenAwayIsFinishedLater() throws SQLException {
    List<Step> both =
        List.of(new Step.Delete("a", true, false), new Step.Create(2, "a", Kind.BTRFS, SIZE));
    Round made = new Round(0, List.of(new Step.Create(1, "a", Kind.BTRFS, SIZE)), 0, true);
    histories(Flaw.NONE)
        .on(
            "simulation",
            simulation -> {
              for (long seed = 1; seed <= FEW; seed++) {
                History history =
                    new History(seed, List.of(made, new Round(seed, both, 100, true)), false);
                assertThat(simulation.play(history)).as("%s", simulation.trace()).isEmpty();
              }
              return null;
            });
  }

  /** Without ids, which are drawn anew. */
  private List<String> trace(long seed) throws SQLException {
    return histories(Flaw.NONE)
        .on(
            "simulation",
            simulation -> {
              assertThat(simulation.play(History.of(seed))).isEmpty();
              return simulation.trace().stream().map(l -> ID.matcher(l).replaceAll("id")).toList();
            });
  }

  private Histories histories(Flaw flaw) {
    return new Histories(new Life.Surroundings(config, entities, source), flaw, REPORTED);
  }
}
