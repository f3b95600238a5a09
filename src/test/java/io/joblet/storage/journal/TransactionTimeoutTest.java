package io.joblet.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.joblet.storage.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A transaction that took longer than it may, which is noticed at whatever comes next in it. */
@QuarkusTest
class TransactionTimeoutTest {
  private static final int SECONDS = 1;

  @Inject Transactions transactions;
  @Inject EntityManager entities;

  static Stream<Consumer<EntityManager>> whatComesNext() {
    return Stream.of(
        entities -> entities.find(Node.class, UUID.randomUUID()),
        entities -> entities.persist(new OperationRow()),
        EntityManager::flush,
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

  private static void sleepOver() {
    try {
      Thread.sleep(SECONDS * 1000L + 800);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
