package io.joblet.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients at random, each against a model of its own volumes, while the daemon is killed in
 * between: every answer is one that the model allows, and after each kill, when the clients rest
 * for a moment, and in the end host, rows and all models agree.
 *
 * <p>{@code -Djoblet.crash.seconds=N} is how long they work; {@code -Djoblet.crash.seed} what they
 * do.
 */
class ClientsIT {
  private static final int SECONDS = Integer.getInteger("joblet.crash.seconds", 10);
  private static final long SEED = Long.getLong("joblet.crash.seed", 20);
  private static final int CLIENTS = 64;
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(4);

  /** Below that it was no load: so many calls of each client that were answered in all. */
  private static final int LEAST_CALLS = 5;

  /** And so many of all of them between two kills. */
  private static final int LEAST_BETWEEN_KILLS = CLIENTS;

  @TempDir Path directory;
  private final Set<String> told = new HashSet<>();
  private Installation installation;

  @BeforeEach
  void setUp() throws Exception {
    installation = new Installation(directory, "-Djoblet.sweep.settle-interval=1s");
  }

  @AfterEach
  void tearDown() throws Exception {
    installation.close();
  }

  @Test
  void everyAnswerIsOneThatTheModelAllowsAndAllAgreeAfterEachKill() throws Exception {
    Proof proof = new Proof("64 clients at random against models");
    DaemonInTurns daemon = new DaemonInTurns(installation.start());
    ReadWriteLock steps = new ReentrantReadWriteLock(true);
    List<ModelClient> models = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(SEED * CLIENTS + i);
      ModelClient model = new ModelClient(daemon, steps.readLock(), "c" + i, random);
      models.add(model);
      threads.add(Thread.ofVirtual().start(model));
    }
    Instant end = Instant.now().plusSeconds(SECONDS);
    Random random = new Random(SEED);
    int kills = 0;
    while (Instant.now().isBefore(end)) {
      long before = answered(models);
      Thread.sleep(BETWEEN_KILLS.toMillis() / 2 + random.nextLong(BETWEEN_KILLS.toMillis()));
      // Beside others that take the processors a start takes longer, and so does everything.
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> answered(models) >= before + LEAST_BETWEEN_KILLS || isViolated(models));
      daemon.replace(installation);
      kills++;
      steps.writeLock().lock();
      try {
        Collection<String> violations = violations(models);
        proof.tried("a kill, at " + CLIENTS + " clients", "kill " + kills, true, violations);
      } finally {
        steps.writeLock().unlock();
      }
    }
    // Beside others that take the processors it takes longer until each of them has worked.
    await().atMost(Duration.ofMinutes(3)).until(() -> models.stream().allMatch(ClientsIT::worked));
    models.forEach(ModelClient::stop);
    for (Thread thread : threads) {
      thread.join();
    }

    Collection<String> violations = violations(models);
    System.out.printf("ClientsIT: %d calls answered, %d kills%n", answered(models), kills);
    proof.tried("what all models and the host say in the end", "all", true, violations);
    proof.conclude();
    assertThat(models)
        .as("calls of each client")
        .allSatisfy(m -> assertThat(m.answered()).isGreaterThanOrEqualTo(LEAST_CALLS));
  }

  /** What host and rows say, and what a model has not said before. */
  private Collection<String> violations(List<ModelClient> models) {
    Inspector inspector = new Inspector(installation);
    List<String> violations = new ArrayList<>();
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(inspector.problems()).isEmpty());
    } catch (ConditionTimeoutException persistent) {
      violations.add(persistent.getMessage());
    }
    models.forEach(m -> m.compare().stream().filter(told::add).forEach(violations::add));
    return violations;
  }

  private static boolean isViolated(List<ModelClient> models) {
    return models.stream().anyMatch(m -> !m.violations().isEmpty());
  }

  private static long answered(List<ModelClient> models) {
    return models.stream().mapToLong(ModelClient::answered).sum();
  }

  private static boolean worked(ModelClient client) {
    return client.answered() >= LEAST_CALLS || !client.violations().isEmpty();
  }
}
