package io.joblet.storage.simulation;

import io.joblet.storage.journal.Transactions;
import io.joblet.storage.journal.WatchedRoundTrips;
import jakarta.enterprise.inject.Vetoed;
import java.sql.SQLException;
import java.util.concurrent.Callable;

/**
 * Real transactions, each at a point where the daemon may die before and after, and where the
 * database may refuse, or commit and not be heard.
 */
@Vetoed
class WatchedTransactions extends Transactions implements WatchedRoundTrips.Around {
  /** "connection_failure": PostgreSQL manual, appendix A. */
  private static final String GONE = "08006";

  private final Points points;

  WatchedTransactions(Points points) {
    this.points = points;
  }

  @Override
  public <T> T call(Callable<T> work) {
    return perform(() -> super.call(work));
  }

  @Override
  public <T> T perform(Callable<T> transaction) {
    points.pass();
    Fate.Transaction fate = points.fate().transaction();
    if (fate == Fate.Transaction.REFUSED) {
      points.tell("the database refuses");
      if (points.has(Flaw.REFUSAL_IGNORED)) {
        return null;
      }
      lose();
    }
    T result = committed(transaction);
    if (fate == Fate.Transaction.ANSWER_LOST) {
      points.tell("the answer of a transaction is lost");
      lose();
    }
    points.pass();
    return result;
  }

  private static <T> T committed(Callable<T> transaction) {
    try {
      return transaction.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a connection that breaks is seen by the caller, and counted. */
  private void lose() {
    super.call(() -> {
      throw new IllegalStateException(new SQLException("the connection broke", GONE));
    });
  }
}
