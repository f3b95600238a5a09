package io.joblet.storage.simulation;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/** Plays many histories at the same time, and makes those that fail as short as it goes. */
final class Histories {
  private static final Logger LOG = Logger.getLogger(Histories.class);

  /** More than processors, since each waits for PostgreSQL now and then. */
  private static final int WORKERS = 4;

  /** Enough to see where it was. */
  private static final int FRAMES = 12;

  private final Life.Surroundings around;
  private final Flaw flaw;
  private final int reported;

  /** {@code reported} failures end it. */
  Histories(Life.Surroundings around, Flaw flaw, int reported) {
    this.around = around;
    this.flaw = flaw;
    this.reported = reported;
  }

  /** Something to be done with a part of the database that is its own. */
  interface Play<T> {
    T with(Simulation simulation);
  }

  /** What was played. */
  private static final class Played {
    private final ConcurrentLinkedQueue<Long> failed = new ConcurrentLinkedQueue<>();
    private final LongAdder histories = new LongAdder();
    private final LongAdder steps = new LongAdder();
    private final Fate.Count count = new Fate.Count();

    synchronized void add(Fate.Count more) {
      count.add(more);
    }
  }

  /** The reports of failures among so many seeds, or empty. */
  Optional<String> play(long first, int histories) throws SQLException, InterruptedException {
    Played played = new Played();
    AtomicLong next = new AtomicLong(first);
    long start = System.nanoTime();
    List<Future<?>> workers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
      for (int i = 0; i < WORKERS; i++) {
        String node = "simulation-" + i;
        workers.add(
            threads.submit(() ->
                on(node, simulation -> playAll(simulation, next, first + histories, played))));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a worker failed", e.getCause());
    }
    say(played, Duration.ofNanos(System.nanoTime() - start));
    StringBuilder reports = new StringBuilder();
    for (long seed : played.failed.stream().sorted().limit(reported).toList()) {
      reports
          .append(replay(seed).orElse("seed " + seed + " did not fail once more"))
          .append("\n\n");
    }
    return reports.isEmpty() ? Optional.empty() : Optional.of(reports.toString());
  }

  private Integer playAll(Simulation simulation, AtomicLong next, long end, Played played) {
    for (long seed = next.getAndIncrement();
        seed < end && played.failed.size() < reported;
        seed = next.getAndIncrement()) {
      History history = History.of(seed);
      if (simulation.play(history).isPresent()) {
        played.failed.add(seed);
      }
      played.histories.increment();
      played.steps.add(history.steps());
    }
    played.add(simulation.count());
    return played.failed.size();
  }

  private void say(Played played, Duration took) {
    LOG.infof(
        "flaw %s: %d histories of %d steps in %d ms: %d kills, %d host operations refused (%d of"
            + " them undos), %d transactions refused, %d answers lost, %d reboots, %d power cuts, %d"
            + " repeats answered from what was written down",
        flaw,
        played.histories.sum(),
        played.steps.sum(),
        took.toMillis(),
        played.count.kills,
        played.count.refusals,
        played.count.undoRefusals,
        played.count.refusedTransactions,
        played.count.lostAnswers,
        played.count.reboots,
        played.count.powerCuts,
        played.count.repeats);
  }

  /** The history of a seed, as it is one of many. */
  Optional<String> replay(long seed) throws SQLException {
    return replay(History.of(seed), "-Djoblet-simulation.seed=" + seed);
  }

  /**
   * Plays one history; if it fails, the report is of the shortest that still does.
   *
   * @param again what plays it once more
   */
  Optional<String> replay(History history, String again) throws SQLException {
    return on(
        "simulation-0",
        simulation ->
            simulation.play(history).isEmpty()
                ? Optional.empty()
                : Optional.of(report(Shorter.of(history, simulation), again, simulation)));
  }

  private static String report(History history, String again, Simulation simulation) {
    Optional<Simulation.Wrong> wrong = simulation.play(history);
    StringBuilder text = new StringBuilder("history of seed ").append(history.seed());
    text.append(", as short as it still fails (again: ").append(again).append(")\n");
    simulation.trace().forEach(line -> text.append(line).append('\n'));
    text.append(wrong.map(Throwable::getMessage).orElse("it did not fail once more"));
    for (Throwable t = wrong.map(Throwable::getCause).orElse(null); t != null; t = t.getCause()) {
      text.append('\n').append(t);
      for (int i = 0; i < Math.min(FRAMES, t.getStackTrace().length); i++) {
        text.append("\n  at ").append(t.getStackTrace()[i]);
      }
    }
    return text.toString();
  }

  <T> T on(String node, Play<T> play) throws SQLException {
    try (Connection connection = around.source().getConnection();
        ExecutorService clients = Executors.newCachedThreadPool()) {
      Rows rows = new Rows(connection, node);
      try {
        return play.with(new Simulation(around.on(node), rows, clients, flaw));
      } finally {
        rows.forgetNode();
      }
    }
  }
}
