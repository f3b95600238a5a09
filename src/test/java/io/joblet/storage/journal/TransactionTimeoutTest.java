package io.joblet.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.joblet.storage.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hibernate.exception.GenericJDBCException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A transaction that took longer than it may, which is noticed at whatever comes next in it. */
@QuarkusTest
class TransactionTimeoutTest {
  private static final int SECONDS = 1;

  @Inject Transactions transactions;
  @Inject EntityManager entities;
  @Inject TransactionManager manager;

  static Stream<Consumer<EntityManager>> whatComesNext() {
    return Stream.of(
        entities -> entities.find(Node.class, UUID.randomUUID()),
        entities -> entities.persist(new OperationRow()),
        EntityManager::flush,
        entities -> entities.createQuery("from Volume").getResultList(),
        entities ->
            entities
                .createQuery("delete from Volume where id = ?1")
                .setParameter(1, UUID.randomUUID())
                .executeUpdate(),
        entities -> entities.createNativeQuery("select 1").getSingleResult(),
        entities -> {});
  }

  @ParameterizedTest
  @MethodSource("whatComesNext")
  void isADatabaseThatIsNotAvailable(Consumer<EntityManager> next) {
    RuntimeException failure =
        catchRuntimeException(() ->
            QuarkusTransaction.requiringNew()
                .timeout(SECONDS)
                .run(() -> {
                  entities.createNativeQuery("select 1").getSingleResult();
                  sleepOver();
                  next.accept(entities);
                }));

    assertThat(transactions.translate(failure)).isInstanceOf(Problem.Unavailable.class);
  }

  /** What was under way then may fail in any way; here as if another thread had ended it. */
  @Test
  void isTheSameHoweverTheWorkFailsThen() {
    for (RuntimeException any :
        List.of(
            new IllegalStateException("Session/EntityManager is closed"),
            new NullPointerException("as it happens"))) {
      RuntimeException failure =
          catchRuntimeException(() ->
              transactions.run(() -> {
                rollBack();
                throw any;
              }));
      assertThat(failure).isInstanceOf(Problem.Unavailable.class);
    }
  }

  /** As found by the long form of DatabaseFaultsIT: purge BTRFS, stuck at batch 2. */
  @Test
  void isTheSameWhenTheStatementWasClosedUnderTheWork() {
    SQLException closed = new SQLException("This statement has been closed.", "55000");

    assertThat(transactions.translate(new GenericJDBCException("executing SQL", closed)))
        .isInstanceOf(Problem.Unavailable.class);
  }

  @Test
  void isNotWhatAnythingElseIsTakenFor() {
    RuntimeException fault = new IllegalStateException("a fault of ours");
    assertThat(
            catchRuntimeException(() ->
                transactions.run(() -> {
                  throw fault;
                })))
        .isSameAs(fault);
  }

  private void rollBack() {
    try {
      manager.rollback();
    } catch (SystemException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleepOver() {
    try {
      Thread.sleep(SECONDS * 1000L + 800);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
