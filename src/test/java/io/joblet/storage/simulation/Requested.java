package io.joblet.storage.simulation;

import io.joblet.storage.simulation.History.Round;
import io.joblet.storage.simulation.Step.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Gives request ids to a share of a history's steps, and puts repeats of earlier ones in the place
 * of others. A repeat does not know what became of the first attempt: it may have been answered,
 * refused, killed or not even have ended.
 *
 * <p>What it draws comes from a stream of its own. So a history without ids is the same that its
 * seed gave before there were any, and what a test has kept by its seed goes on meaning that.
 */
final class Requested {
  private static final long STREAM = 0x7265717565737473L;

  private final SplittableRandom random;
  private final List<Asked> asked = new ArrayList<>();

  private Requested(SplittableRandom random) {
    this.random = random;
  }

  static History of(History plain) {
    SplittableRandom random = new SplittableRandom(plain.seed() ^ STREAM);
    if (random.nextInt(5) == 0) {
      return plain;
    }
    Requested requested = new Requested(random);
    return plain.with(
        plain.rounds().stream()
            .map(r ->
                new Round(
                    r.seed(),
                    r.steps().stream().map(requested::step).toList(),
                    r.chance(),
                    r.settled()))
            .toList());
  }

  private Step step(Step step) {
    if (step instanceof Step.Pause || step instanceof Step.Lull || step instanceof Step.PowerCut) {
      return step;
    }
    if (!asked.isEmpty() && random.nextInt(5) == 0) {
      // The last is often of the same round.
      return random.nextBoolean() ? asked.getLast() : asked.get(random.nextInt(asked.size()));
    }
    if (!takesReply(step) || random.nextInt(3) == 0) {
      return step;
    }
    asked.add(new Asked("request-" + (asked.size() + 1), step));
    return asked.getLast();
  }

  private static boolean takesReply(Step step) {
    return switch (step) {
      case Step.Create s -> true;
      case Step.Resize s -> true;
      case Step.Protect s -> true;
      case Step.Attach s -> true;
      case Step.Detach s -> true;
      case Step.Delete s -> true;
      case Step.Undelete s -> true;
      case Step.Prepare s -> true;
      case Step.CleanUp s -> true;
      default -> false;
    };
  }
}
