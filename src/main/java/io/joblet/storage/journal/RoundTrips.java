package io.joblet.storage.journal;

import io.agroal.api.AgroalDataSource;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hibernate.exception.ConstraintViolationException;

/**
 * Talks to PostgreSQL in as few round trips as there can be, for the calls that are made most: one
 * for a question, one for a transaction. Each costs both sides a write, a read and two wake-ups,
 * which is most of what a small transaction takes (docs/benchmarks.md). Everything else goes
 * through {@link Transactions} and entities.
 *
 * <p>Safe for use by many threads; errors are those of {@link Transactions#call}.
 */
@ApplicationScoped
public class RoundTrips {
  private final AgroalDataSource source;
  private final Transactions transactions;

  RoundTrips(AgroalDataSource source, Transactions transactions) {
    this.source = source;
    this.transactions = transactions;
  }

  /** Makes something of the rows that a question is answered with; asked once. */
  @FunctionalInterface
  public interface Reader<T> {
    T read(Columns rows) throws SQLException;
  }

  /** Asks outside of any transaction: what the answer says may be over when it is read. */
  public <T> T read(String sql, Reader<T> reader, Object... parameters) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, Arrays.asList(parameters));
      try (ResultSet rows = statement.executeQuery()) {
        return reader.read(new Columns(rows));
      }
    } catch (SQLException e) {
      throw transactions.translate(new IllegalStateException(e));
    }
  }

  /**
   * As {@link #read}, for one thing of each row.
   *
   * @param row is given the columns of one row, and does not go to the next
   */
  public <T> List<T> readAll(String sql, Reader<T> row, Object... parameters) {
    return read(
        sql,
        rows -> {
          List<T> all = new ArrayList<>();
          while (rows.next()) {
            all.add(row.read(rows));
          }
          return all;
        },
        parameters);
  }

  /**
   * Makes all the changes, in their order, or none.
   *
   * @throws Problem.Conflict also when a row that has to be there is not
   * @throws ConstraintViolationException for callers that can say what the constraint means
   */
  public void commit(Changes changes) {
    try (Connection connection = source.getConnection()) {
      // The driver sends BEGIN along with the first statement, and all of them with the last.
      connection.setAutoCommit(false);
      try (PreparedStatement statement = connection.prepareStatement(changes.sql())) {
        bind(statement, changes.values());
        statement.execute();
      } catch (SQLException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw transactions.translate(new IllegalStateException(e));
    }
  }

  private static void rollBack(Connection connection, Exception why) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      why.addSuppressed(e);
    }
  }

  private static void bind(PreparedStatement statement, List<?> values) throws SQLException {
    int at = 0;
    for (Object value : values) {
      at++;
      switch (value) {
        case null -> statement.setObject(at, null);
        case Instant time ->
            statement.setObject(at, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
        case Enum<?> constant -> statement.setString(at, constant.name());
        default -> statement.setObject(at, value);
      }
    }
  }
}
