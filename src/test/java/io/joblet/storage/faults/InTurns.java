package io.joblet.storage.faults;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Places where something can befall an operation, one of each operation in turn, so that a proof
 * that ends early has been at all of them. An operation is looked at when its turn comes first: to
 * look takes longer than what is made of a place, and would take the time of all.
 */
final class InTurns<T> {
  private final Look<T> look;
  private final Random random = new Random(LongForm.SEED);
  private final Deque<Scenario> unseen = new ArrayDeque<>();
  private final Deque<Deque<T>> seen = new ArrayDeque<>();
  private int left;

  /** Looks at a scenario. */
  interface Look<T> {
    /** The places where something can befall it. */
    List<T> at(Scenario scenario) throws Exception;
  }

  /**
   * Draws both the order of the scenarios and that of the places of each.
   *
   * @param count of how many places at most, or {@code all}
   */
  InTurns(List<Scenario> scenarios, String count, Look<T> look) {
    this.look = look;
    this.left = count.equals(LongForm.ALL) ? Integer.MAX_VALUE : Integer.parseInt(count);
    unseen.addAll(shuffled(scenarios));
  }

  /** What is made of a place. */
  interface Attempt<T> {
    void at(T place) throws Exception;
  }

  /**
   * Goes on until there is no place left, or no time. What breaks off is counted as violated, and
   * what was counted until then is told.
   */
  void whileThereIsTime(LongForm form, Proof proof, Attempt<T> attempt) throws Exception {
    Object at = "looking for places";
    try {
      while (form.hasTime()) {
        Optional<T> place = next();
        if (place.isEmpty()) {
          return;
        }
        at = place.get();
        attempt.at(place.get());
      }
    } catch (Exception | AssertionError e) {
      proof.brokenOff(at, e);
      throw e;
    }
    unseen.forEach(scenario -> proof.notReached(scenario.name()));
  }

  private Optional<T> next() throws Exception {
    if (left == 0) {
      return Optional.empty();
    }
    while (!unseen.isEmpty() || !seen.isEmpty()) {
      Deque<T> places =
          unseen.isEmpty()
              ? seen.removeFirst()
              : new ArrayDeque<>(shuffled(look.at(unseen.removeFirst())));
      if (!places.isEmpty()) {
        T place = places.removeFirst();
        seen.addLast(places);
        left--;
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  private <E> List<E> shuffled(List<E> all) {
    List<E> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }
}
