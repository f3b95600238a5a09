package io.joblet.storage.simulation;

import java.util.function.Consumer;

/**
 * The points at which one life of the daemon touches the host or the database. There somebody else
 * may get his turn, and there it may die; once dead it touches nothing any more.
 */
final class Points {
  private final Turns turns;
  private final Consumer<String> trace;
  private final Flaw flaw;
  private Fate fate = Fate.none();
  private boolean dead;

  Points(Turns turns, Consumer<String> trace, Flaw flaw) {
    this.turns = turns;
    this.trace = trace;
    this.flaw = flaw;
  }

  void befall(Fate next) {
    fate = next;
  }

  Fate fate() {
    return fate;
  }

  boolean dead() {
    return dead;
  }

  boolean has(Flaw which) {
    return flaw == which;
  }

  void tell(String what) {
    trace.accept("      " + what);
  }

  /** Throws {@link Killed} if this is where it ends. */
  void pass() {
    requireAlive();
    turns.turn();
    requireAlive();
    if (fate.dies()) {
      dead = true;
      tell("KILLED");
      throw new Killed();
    }
  }

  void requireAlive() {
    if (dead) {
      throw new Killed();
    }
  }
}
