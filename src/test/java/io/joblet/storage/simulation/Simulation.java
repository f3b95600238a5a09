package io.joblet.storage.simulation;

import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Node;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.reconcile.Doctor;
import io.joblet.storage.reconcile.Settling;
import io.joblet.storage.reconcile.Startup;
import io.joblet.storage.simulation.History.Round;
import io.joblet.storage.simulation.Step.Broom;
import io.joblet.storage.volume.Capacity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * Plays histories on one node of the database, one after the other: rounds of clients, deaths and
 * starts, and after each the comparison of rows, host and model.
 */
final class Simulation {
  /** A start that dies or fails is made again; the last one of these is left in peace. */
  private static final int STARTS = 4;

  private static final int SETTLINGS = 3;

  /** Histories between two times at which tables are tidied. */
  private static final int BETWEEN_VACUUMS = 200;

  private final Life.Surroundings around;
  private final Rows rows;
  private final Executor threads;
  private final Flaw flaw;
  private final Fate.Count count = new Fate.Count();
  private final List<String> trace = new ArrayList<>();
  private HostState host = new HostState();
  private SweepTime time = new SweepTime();
  private Turns turns;
  private Life life;
  private Optional<Node> node = Optional.empty();
  private Rows.Seen seen;
  private Set<World> possible = Set.of();
  private Comparison comparison = new Comparison();
  private boolean unsettled;
  private boolean doctorNeeded;
  private boolean powerCuts;
  private int played;

  Simulation(Life.Surroundings around, Rows rows, Executor threads, Flaw flaw) {
    this.around = around;
    this.rows = rows;
    this.threads = threads;
    this.flaw = flaw;
  }

  /** What is wrong; the history is not gone on with. */
  static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Wrong(String message, Throwable cause) {
      super(message, cause);
    }

    Wrong(String message) {
      this(message, null);
    }
  }

  /** Why the history fails, or empty. */
  Optional<Wrong> play(History history) {
    trace.clear();
    rows.forget();
    if (++played % BETWEEN_VACUUMS == 0) {
      rows.vacuum();
    }
    possible = Set.of(World.empty());
    powerCuts = history.powerCuts();
    comparison = new Comparison();
    try {
      begin();
      for (Round round : history.rounds()) {
        play(round);
      }
      settle();
      check();
      List<String> wrong = Checks.journal(seen, rows.journal());
      return wrong.isEmpty() ? Optional.empty() : Optional.of(new Wrong("journal: " + wrong));
    } catch (Wrong e) {
      return Optional.of(e);
    } catch (RuntimeException e) {
      return Optional.of(new Wrong("unexpected: " + e, e));
    }
  }

  Fate.Count count() {
    return count;
  }

  /** What happened in the last history, a line each. */
  List<String> trace() {
    return trace;
  }

  /**
   * The daemon as it is after a start on an empty node. The first is a real one; to make that again
   * for each history would take longer than the history.
   */
  private void begin() {
    seen = null;
    unsettled = false;
    if (node.isEmpty()) {
      start(new SplittableRandom(0), 0);
      UUID id = life.part(CurrentNode.class).id();
      node = Optional.of(life.part(Transactions.class).call(() -> Node.<Node>findById(id)));
    }
    Optional<UUID> installation = host.installation;
    host = new HostState();
    host.installation = installation;
    live();
    life.part(CurrentNode.class).become(node.get());
  }

  private Points live() {
    time = new SweepTime();
    turns = new Turns(threads);
    Points points = new Points(turns, trace::add, flaw);
    life = new Life(around, host, points, turns, time);
    return points;
  }

  private void play(Round round) {
    trace.add("  round of " + round.steps().size());
    if (round.steps().getFirst() instanceof Step.Pause pause) {
      settle();
      check();
      pass(pause.hours());
      possible = all(w -> Set.of(Model.done(pause, w).orElseThrow()));
    } else if (round.steps().getFirst() instanceof Step.Lull lull) {
      settle();
      check();
      sweepAll();
      pass(3);
      sweepAll();
      possible = all(w -> Set.of(Model.done(lull, w).orElseThrow()));
      check();
    } else if (round.steps().getFirst() instanceof Step.PowerCut) {
      losePower();
      start(new SplittableRandom(round.seed()), 0);
      if (!unsettled) {
        check();
      }
    } else {
      call(round);
    }
  }

  private void call(Round round) {
    SplittableRandom random = new SplittableRandom(round.seed());
    Fate fate = Fate.draw(random.split(), round.chance(), count);
    life.points().befall(fate);
    Rows.Seen before = seen == null ? rows.read() : seen;
    seen = null;
    Answer[] answers = new Answer[round.steps().size()];
    List<Throwable> mistakes = new ArrayList<>();
    List<Runnable> work = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      int at = i;
      work.add(() -> answers[at] = perform(round.steps().get(at), before, mistakes));
    }
    turns.run(work, random.split());
    if (!mistakes.isEmpty()) {
      throw new Wrong("a caller got " + mistakes.getFirst(), mistakes.getFirst());
    }
    for (int i = 0; i < answers.length; i++) {
      if (round.steps().get(i) instanceof Step.Asked asked
          && answers[i].kind() == Answer.Kind.DONE
          && comparison.told(asked.id(), answers[i].text())) {
        count.repeats++;
      }
    }
    boolean died = life.points().dead();
    life.points().befall(Fate.none());
    Set<World> next = explained(round.steps(), answers);
    if (next.isEmpty()) {
      throw new Wrong("nothing explains the answers; possible were " + Comparison.shown(possible));
    }
    possible = next;
    unsettled |= fate.struck();
    if (died) {
      start(random, 35, new SplittableRandom(~round.seed()));
    }
    if (!unsettled || round.settled()) {
      settle();
      check();
    }
  }

  private Answer perform(Step step, Rows.Seen before, List<Throwable> mistakes) {
    trace.add("    " + step);
    Answer answer;
    try {
      answer = new Client(life, host, before).perform(step);
    } catch (RuntimeException | AssertionError e) {
      answer = Answer.of(Answer.Kind.UNKNOWN, e.toString());
      if (!life.points().dead()) {
        mistakes.add(e);
      }
    }
    trace.add("    " + step + " -> " + answer.kind() + " " + answer.text());
    return answer;
  }

  private Set<World> explained(List<Step> steps, Answer[] answers) {
    Set<World> next = new LinkedHashSet<>();
    for (List<Integer> order : orders(steps.size())) {
      Set<World> worlds = possible;
      for (int at : order) {
        Step step = steps.get(at);
        boolean excused =
            unsettled || order.stream().anyMatch(o -> o != at && steps.get(o).crosses(step));
        Set<World> after = new LinkedHashSet<>();
        worlds.forEach(w -> after.addAll(Outcomes.of(step, w, answers[at], excused)));
        worlds = after;
      }
      next.addAll(worlds);
    }
    return next;
  }

  private static List<List<Integer>> orders(int size) {
    if (size == 0) {
      return List.of(List.of());
    }
    List<List<Integer>> longer = new ArrayList<>();
    for (List<Integer> order : orders(size - 1)) {
      for (int at = 0; at <= order.size(); at++) {
        List<Integer> one = new ArrayList<>(order);
        one.add(at, size - 1);
        longer.add(one);
      }
    }
    return longer;
  }

  private Set<World> all(java.util.function.Function<World, Set<World>> step) {
    return possible.stream()
        .flatMap(w -> step.apply(w).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void start(SplittableRandom random, int chance) {
    start(random, chance, new SplittableRandom(0));
  }

  /**
   * @param power a stream of its own: without power cuts a seed goes on meaning what it meant
   */
  private void start(SplittableRandom random, int chance, SplittableRandom power) {
    boolean done = false;
    doctorNeeded = false;
    for (int attempt = 1; !done; attempt++) {
      if (chance > 0 && random.nextInt(6) == 0) {
        trace.add("  reboot");
        count.reboots++;
        host.reboot();
        possible = all(w -> Set.of(Model.reboot(w)));
      }
      if (powerCuts && chance > 0 && power.nextInt(3) == 0) {
        losePower();
      }
      trace.add("  start");
      Fate fate = attempt < STARTS ? Fate.draw(random.split(), chance, count) : Fate.none();
      done = start(fate);
      doctorNeeded = fate.struck();
    }
    possible = all(Outcomes::afterStart);
  }

  private void losePower() {
    trace.add("  power cut");
    count.powerCuts++;
    host.losePower();
    possible = all(w -> Set.of(Model.reboot(w)));
  }

  private boolean start(Fate fate) {
    Points points = live();
    points.befall(fate);
    try {
      life.part(Startup.class).run();
    } catch (Killed e) {
      return false;
    } catch (Problem.Unavailable e) {
      trace.add("  the start failed: " + e.getMessage());
      return false;
    }
    points.befall(Fate.none());
    return !points.dead();
  }

  private void pass(int hours) {
    time.pass(Duration.ofHours(hours));
    rows.age(hours);
  }

  private void sweepAll() {
    Client client = new Client(life, host, rows.read());
    client.sweep(Broom.IDLE);
    client.sweep(Broom.ORPHANS);
    client.sweep(Broom.TRASH);
  }

  private void settle() {
    if (!unsettled) {
      return;
    }
    for (int i = 0; i < SETTLINGS; i++) {
      Settling.Outcome outcome = life.part(Settling.class).settleAll();
      outcome.failed().forEach(f -> trace.add("  cannot be settled: " + f));
    }
    if (doctorNeeded) {
      life.part(Doctor.class).examine(true);
    }
    unsettled = false;
    doctorNeeded = false;
  }

  private void check() {
    seen = rows.read();
    possible =
        comparison.of(
            seen,
            host,
            life.part(Capacity.class),
            possible,
            difference -> powerCuts && new Returned(host, rows.journal()).explains(difference));
  }
}
