package io.joblet.storage.simulation;

import io.joblet.storage.simulation.Step.Broom;
import io.joblet.storage.simulation.Step.Kind;
import io.joblet.storage.simulation.Step.Living;
import io.joblet.storage.simulation.Step.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What clients do and when, as data that comes from one seed; what befalls them is in the rounds.
 */
record History(long seed, List<Round> rounds, boolean powerCuts) {
  private static final String[] VOLUMES = {"a", "b", "c"};
  private static final String[] JOBS = {"x", "y"};
  private static final long[] DISK = {16, 32, 48};
  private static final long[] MEMORY = {8, 16, 32};

  /**
   * Clients at the same time.
   *
   * @param seed of the order in which they get their turns, and of what befalls them
   * @param chance in a hundred that something befalls
   * @param settled whether what is in between is settled afterwards
   */
  record Round(long seed, List<Step> steps, int chance, boolean settled) {}

  History {
    rounds = List.copyOf(rounds);
  }

  /** The same but for these rounds. */
  History with(List<Round> others) {
    return new History(seed, others, powerCuts);
  }

  int steps() {
    return rounds.stream().mapToInt(r -> r.steps().size()).sum();
  }

  static History of(long seed) {
    return PowerCuts.of(Requested.of(plain(seed)));
  }

  /** Without request ids and power cuts: what was kept by its seed before there were any. */
  static History plain(long seed) {
    return new Author(new SplittableRandom(seed)).write(seed);
  }

  private static final class Author {
    private final SplittableRandom random;
    private int serial;

    Author(SplittableRandom random) {
      this.random = random;
    }

    History write(long seed) {
      int chance = random.nextInt(4) == 0 ? 0 : 60;
      int rounds = 3 + random.nextInt(4);
      List<Round> all = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        all.add(round(i == 0, chance));
      }
      return new History(seed, all, false);
    }

    private Round round(boolean first, int chance) {
      long seed = random.nextLong();
      if (!first && random.nextInt(8) == 0) {
        Step alone =
            random.nextInt(3) == 0 ? new Step.Lull() : new Step.Pause(1 + random.nextInt(3));
        return new Round(seed, List.of(alone), 0, true);
      }
      int clients = random.nextInt(2) == 0 ? 1 : 2 + random.nextInt(2);
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        steps.add(first ? create() : step());
      }
      return new Round(
          seed, List.copyOf(steps), first ? chance / 2 : chance, random.nextInt(3) > 0);
    }

    private Step create() {
      Kind kind = any(Kind.values());
      return new Step.Create(++serial, any(VOLUMES), kind, size(kind));
    }

    private long size(Kind kind) {
      long[] sizes = kind == Kind.MEMORY ? MEMORY : DISK;
      return sizes[random.nextInt(sizes.length)] * Model.MIB;
    }

    private Step step() {
      int at = random.nextInt(100);
      if (at < 18) {
        return create();
      }
      if (at < 38) {
        return attach();
      }
      if (at < 47) {
        return new Step.Detach(any(VOLUMES), random.nextBoolean() ? "" : any(JOBS));
      }
      if (at < 58) {
        return new Step.Delete(any(VOLUMES), random.nextInt(3) > 0, random.nextInt(3) == 0);
      }
      if (at < 64) {
        return new Step.Undelete(any(VOLUMES), any(VOLUMES));
      }
      if (at < 67) {
        return new Step.Purge(any(VOLUMES));
      }
      if (at < 74) {
        return new Step.Resize(any(VOLUMES), size(any(Kind.values())));
      }
      if (at < 76) {
        return new Step.Protect(any(VOLUMES), random.nextBoolean());
      }
      if (at < 83) {
        return new Step.Prepare(any(JOBS), some(), any(Living.values()));
      }
      return rare(at);
    }

    private Step rare(int at) {
      if (at < 88) {
        return new Step.CleanUp(any(JOBS));
      }
      if (at < 93) {
        return new Step.Sweep(any(Broom.values()));
      }
      if (at < 94) {
        return new Step.Renew(any(JOBS));
      }
      if (at < 96) {
        return new Step.EndProcess(any(JOBS));
      }
      return at < 99 ? new Step.Settle() : new Step.Examine();
    }

    private Step attach() {
      List<String> names = random.nextInt(4) == 0 ? some() : List.of(any(VOLUMES));
      String path =
          names.size() > 1 || random.nextInt(3) > 0 ? "" : random.nextBoolean() ? "/d" : "/d/e";
      return new Step.Attach(
          names.isEmpty() ? List.of(any(VOLUMES)) : names,
          path,
          any(JOBS),
          any(Mode.values()),
          any(Living.values()));
    }

    /** Each with even chances, so that none is there twice. */
    private List<String> some() {
      List<String> names = new ArrayList<>();
      for (String name : VOLUMES) {
        if (random.nextBoolean()) {
          names.add(name);
        }
      }
      return List.copyOf(names);
    }

    private <T> T any(T[] values) {
      return values[random.nextInt(values.length)];
    }
  }
}
