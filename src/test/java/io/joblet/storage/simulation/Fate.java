package io.joblet.storage.simulation;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.ObstacleException;
import io.joblet.storage.host.Pin;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What befalls the daemon in one round, drawn from the round's seed: nothing, a host that refuses
 * one operation and perhaps some of those that follow, a database that refuses a transaction or
 * whose answer is lost, or death at one of the points where the host or the database is used.
 */
final class Fate {
  private static final List<String> ERRNOS = List.of("EBUSY", "EIO", "ENOSPC", "EPERM");

  /** Seldom more in one operation; a fate that lies beyond the last point does not happen. */
  private static final int POINTS = 16;

  private static final int OPERATIONS = 5;
  private static final int TRANSACTIONS = 4;

  /** What is counted, over all histories. */
  static final class Count {
    long kills;
    long refusals;
    long undoRefusals;
    long lostAnswers;
    long refusedTransactions;
    long reboots;
    long powerCuts;
    long repeats;

    void add(Count other) {
      kills += other.kills;
      refusals += other.refusals;
      undoRefusals += other.undoRefusals;
      lostAnswers += other.lostAnswers;
      refusedTransactions += other.refusedTransactions;
      reboots += other.reboots;
      powerCuts += other.powerCuts;
      repeats += other.repeats;
    }
  }

  private enum Kind {
    NOTHING,
    HOST,
    DATABASE,
    DEATH
  }

  private final SplittableRandom random;
  private final Count count;
  private final Kind kind;
  private final int when;
  private final boolean goesOn;
  private final boolean afterwards;
  private int seen;
  private boolean struck;

  private Fate(SplittableRandom random, Count count, Kind kind) {
    this.random = random;
    this.count = count;
    this.kind = kind;
    this.when =
        switch (kind) {
          case NOTHING -> 0;
          case HOST -> random.nextInt(OPERATIONS);
          case DATABASE -> random.nextInt(TRANSACTIONS);
          case DEATH -> random.nextInt(POINTS);
        };
    this.goesOn = random.nextInt(3) == 0;
    this.afterwards = random.nextBoolean();
  }

  static Fate none() {
    return new Fate(new SplittableRandom(0), new Count(), Kind.NOTHING);
  }

  /** {@code chance} in a hundred that something befalls. */
  static Fate draw(SplittableRandom random, int chance, Count count) {
    if (random.nextInt(100) >= chance) {
      return new Fate(random, count, Kind.NOTHING);
    }
    int which = random.nextInt(10);
    return new Fate(random, count, which < 4 ? Kind.HOST : which < 6 ? Kind.DATABASE : Kind.DEATH);
  }

  /** Whether anything has befallen yet. */
  boolean struck() {
    return struck;
  }

  /** At each point where the daemon may die. */
  boolean dies() {
    if (kind == Kind.DEATH && !struck && seen++ == when) {
      struck = true;
      count.kills++;
      return true;
    }
    return false;
  }

  /** How a host operation fails, as seen from before it is done; null if it does not. */
  Refusal refuses(HostOperation operation, boolean undo) {
    if (kind != Kind.HOST) {
      return null;
    }
    boolean first = seen++ == when;
    if (!first && !(struck && goesOn && random.nextInt(3) == 0)) {
      return null;
    }
    struck = true;
    count.refusals++;
    if (undo) {
      count.undoRefusals++;
    }
    return refusal(operation, undo);
  }

  /**
   * An operation that fails.
   *
   * @param afterwards whether its effect is there
   */
  record Refusal(HostException failure, boolean afterwards) {}

  private Refusal refusal(HostOperation operation, boolean undo) {
    String what = operation.getClass().getSimpleName() + " refused by fate";
    if (random.nextInt(10) == 0) {
      return new Refusal(new ObstacleException(Path.of("/there"), what, "EEXIST", null), false);
    }
    String errno = ERRNOS.get(random.nextInt(ERRNOS.size()));
    List<Pin> pins = errno.equals("EBUSY") ? List.of(new Pin(7, "simulated", "cwd")) : List.of();
    // An unmount of a bind is one system call: it is refused, or it is done.
    boolean whole = undo && operation instanceof HostOperation.BindMount;
    return new Refusal(
        new HostException(what + ": " + errno, errno, pins, null), !whole && random.nextBoolean());
  }

  /** What becomes of a transaction. */
  enum Transaction {
    COMMITTED,
    REFUSED,
    ANSWER_LOST
  }

  Transaction transaction() {
    if (kind != Kind.DATABASE || struck || seen++ != when) {
      return Transaction.COMMITTED;
    }
    struck = true;
    if (afterwards) {
      count.lostAnswers++;
      return Transaction.ANSWER_LOST;
    }
    count.refusedTransactions++;
    return Transaction.REFUSED;
  }
}
