package io.joblet.storage.journal;

import io.joblet.storage.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.TransactionRequiredException;
import jakarta.transaction.Status;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.hibernate.StaleStateException;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.exception.JDBCConnectionException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Runs code in a database transaction of its own and says in our terms why one failed.
 *
 * <p>Safe for use by many threads. No transaction may be open while the host is worked on, so there
 * is nothing here to suspend one.
 */
@ApplicationScoped
public class Transactions {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** PostgreSQL's code for the fencing trigger of db/migration/V1. */
  private static final String FENCED = "JB001";

  /** What db/migration/V3 raises where an owner's limit is reached; the detail names it. */
  private static final String OVER_LIMIT = "JB002";

  /** What is asked of something that is closed, for example. */
  private static final String NOT_IN_STATE = "55000";

  /** Said of a question that has rows for an answer, and got none. */
  private static final String NO_DATA = "02000";

  /** Division by zero: see {@link Changes#one}. */
  private static final String VERSION_GONE = "22012";

  /**
   * Classes 08 connection, 53 resources (disk full, too many connections), 57 operator intervention
   * (shutdown), 58 system error, and 25006, a server that only reads: PostgreSQL manual, appendix
   * A.
   */
  private static final List<String> AWAY = List.of("08", "53", "57", "58", "25006");

  private final AtomicLong unknownOutcomes = new AtomicLong();

  /**
   * Commits what {@code work} does, or nothing of it.
   *
   * @throws Problem as {@code work} threw it; {@link Problem.Conflict} when a row was changed in
   *     between; {@link Problem.Unavailable} when the database is away. After the latter the commit
   *     may have happened: its answer can be what got lost.
   * @throws ConstraintViolationException for callers that can say what the constraint means
   */
  public <T> T call(Callable<T> work) {
    AtomicBoolean ended = new AtomicBoolean();
    try {
      return QuarkusTransaction.requiringNew()
          .call(() -> {
            try {
              return work.call();
            } catch (RuntimeException e) {
              ended.set(hasEnded());
              throw e;
            }
          });
    } catch (RuntimeException e) {
      RuntimeException meant = translate(e);
      boolean unknown = meant == e && !(e instanceof Problem);
      throw unknown && ended.get() ? unavailable("the database took too long", e) : meant;
    }
  }

  /**
   * Whether the transaction ended under its work, since it took too long: another thread rolls it
   * back then and closes what the work is using, which may fail in any way.
   */
  private static boolean hasEnded() {
    return switch (QuarkusTransaction.getStatus()) {
      case Status.STATUS_ACTIVE, Status.STATUS_MARKED_ROLLBACK -> false;
      default -> true;
    };
  }

  /** How often a transaction may have been committed without our knowing, since the start. */
  public long unknownOutcomes() {
    return unknownOutcomes.get();
  }

  /** {@link #call} without a result. */
  public void run(Runnable work) {
    call(() -> {
      work.run();
      return null;
    });
  }

  /** In our terms, as {@link #call} throws it; an SQL exception may be the cause. */
  RuntimeException translate(RuntimeException e) {
    Optional<Problem> problem = cause(e, Problem.class);
    if (problem.isPresent()) {
      return problem.get();
    }
    Optional<ConstraintViolationException> broken = cause(e, ConstraintViolationException.class);
    if (broken.isPresent()) {
      return broken.get();
    }
    if (cause(e, OptimisticLockException.class).isPresent()
        || cause(e, StaleStateException.class).isPresent()) {
      return new Problem.Conflict("it was changed by somebody else at the same time; try again", e);
    }
    String state = cause(e, SQLException.class).map(SQLException::getSQLState).orElse("");
    if (VERSION_GONE.equals(state)) {
      return new Problem.Conflict("it was changed by somebody else at the same time; try again", e);
    }
    if (state != null && state.startsWith("23")) {
      return violation(e);
    }
    if (OVER_LIMIT.equals(state)) {
      return overLimit(e);
    }
    if (FENCED.equals(state)) {
      return unavailable("another daemon has taken over this node", e);
    }
    if (state != null && (state.startsWith("40") || state.equals("55P03"))) {
      return new Problem.Conflict("the database could not order two changes; try again", e);
    }
    if (isAway(e, state) || isClosedUnderneath(e)) {
      return unavailable("the database is not available", e);
    }
    return e;
  }

  private static Problem overLimit(RuntimeException e) {
    ServerErrorMessage said = cause(e, PSQLException.class).orElseThrow().getServerErrorMessage();
    return new Problem.Exhausted("owner." + said.getDetail(), said.getMessage());
  }

  private static ConstraintViolationException violation(RuntimeException e) {
    SQLException cause = cause(e, SQLException.class).orElseThrow();
    ServerErrorMessage said =
        cause instanceof PSQLException server ? server.getServerErrorMessage() : null;
    return new ConstraintViolationException(
        cause.getMessage(), cause, said == null ? null : said.getConstraint());
  }

  /**
   * A pool that times out and a transaction that cannot begin bring no SQL state at all, nor does
   * one that was rolled back under its work since it took too long.
   */
  private static boolean isAway(RuntimeException e, String state) {
    if (state == null || state.isEmpty()) {
      return cause(e, SQLException.class).isPresent()
          || cause(e, QuarkusTransactionException.class).isPresent()
          || cause(e, JDBCConnectionException.class).isPresent()
          || cause(e, TransactionRequiredException.class).isPresent();
    }
    return AWAY.stream().anyMatch(state::startsWith);
  }

  /**
   * Of the driver itself and not of the server: whoever rolled back what took too long has closed
   * the statement that was waited for. A connection that breaks off can also leave it without an
   * answer that it would otherwise have had, and without an error.
   */
  private static boolean isClosedUnderneath(RuntimeException e) {
    return cause(e, SQLException.class)
        .filter(said -> List.of(NOT_IN_STATE, NO_DATA).contains(said.getSQLState()))
        .filter(said -> !(said instanceof PSQLException p) || p.getServerErrorMessage() == null)
        .isPresent();
  }

  private Problem unavailable(String message, Throwable cause) {
    unknownOutcomes.incrementAndGet();
    return new Problem.Unavailable(message, RETRY_AFTER, cause);
  }

  private static <X> Optional<X> cause(Throwable failure, Class<X> type) {
    for (Throwable t = failure; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (type.isInstance(t)) {
        return Optional.of(type.cast(t));
      }
    }
    return Optional.empty();
  }
}
