package io.joblet.storage.journal;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.HostTransaction;
import io.joblet.storage.host.StepRecord;
import io.joblet.storage.problem.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Runs plans and questions to the host on platform threads of their own: a native call pins a
 * virtual thread, and eight slow ones would stop everybody else. The caller waits; how many run at
 * once is bounded by configuration.
 */
@ApplicationScoped
public class HostWork {
  /** As long as a restart takes. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /** Bound where the host may be asked without changing threads. */
  private static final ScopedValue<Boolean> IN_PLACE = ScopedValue.newInstance();

  private final Host host;
  private final MeterRegistry meters;
  private final ExecutorService threads;
  private final ExecutorService sequences;
  private final boolean onlyOne;

  HostWork(Host host, MeterRegistry meters, StorageConfig config) {
    this.host = host;
    this.meters = meters;
    int most = config.limits().hostThreads();
    this.onlyOne = most == 1;
    this.threads = platformThreads("host-", most);
    this.sequences = platformThreads("host-seq-", most);
  }

  private static ExecutorService platformThreads(String name, int most) {
    return Executors.newFixedThreadPool(most, Thread.ofPlatform().name(name, 0).daemon().factory());
  }

  /**
   * Runs work that asks the host several times, and others in between, on one thread on which the
   * host can be asked in place: each hand-over to another thread and back takes a processor that
   * was idle a tenth of a millisecond. What is to go on beside it is for {@link #begin}; that is
   * done by other threads, or all of these could come to wait for one that they keep busy. Where
   * there is to be one thread at a time for the host, nothing is asked in place.
   */
  public <T> T sequence(Supplier<T> work) {
    if (onlyOne) {
      return work.get();
    }
    return submit(() -> ScopedValue.where(IN_PLACE, true).call(work::get), sequences).answer();
  }

  /** Applies the plan, all or nothing; what happened is in the answer, also when it failed. */
  public Deed apply(String kind, HostPlan plan) {
    return perform(kind, plan, HostTransaction::apply);
  }

  /** Applies the plan, and undoes nothing of it; what happened is in the answer. */
  public Deed repeat(String kind, HostPlan plan) {
    return perform(kind, plan, HostTransaction::repeat);
  }

  /** Undoes the plan, as far as it goes; what happened is in the answer. */
  public Deed undo(String kind, HostPlan plan) {
    return perform(kind, plan, HostTransaction::undo);
  }

  /**
   * Asks the host something, on one of the threads meant for it.
   *
   * @throws io.joblet.storage.problem.Problem when the host cannot say
   */
  public <T> T ask(Supplier<T> question) {
    return IN_PLACE.isBound() ? askInPlace(question) : begin(question).answer();
  }

  /** {@link #ask} on the caller's thread. */
  static <T> T askInPlace(Supplier<T> question) {
    refuseWithinTransaction();
    try {
      return question.get();
    } catch (HostException refused) {
      throw HostProblems.of(refused);
    }
  }

  /** {@link #ask}, of what has no answer. */
  public void tell(Runnable work) {
    ask(() -> {
      work.run();
      return null;
    });
  }

  /** {@link #ask}, with something else done before the answer is waited for. */
  public <T> Asked<T> begin(Supplier<T> question) {
    refuseWithinTransaction();
    return submit(question, threads);
  }

  private static void refuseWithinTransaction() {
    if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
      throw new IllegalStateException("a database transaction is open while the host is asked");
    }
  }

  private static <T> Asked<T> submit(Supplier<T> work, ExecutorService threads) {
    try {
      return new Asked<>(CompletableFuture.supplyAsync(work, threads));
    } catch (RejectedExecutionException e) {
      throw new Problem.Unavailable("the daemon is stopping", RETRY_AFTER, e);
    }
  }

  /** A question that the host is being asked. */
  public record Asked<T>(CompletableFuture<T> result) {
    /**
     * Waits for the answer.
     *
     * @throws io.joblet.storage.problem.Problem when the host cannot say
     */
    public T answer() {
      try {
        return result.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof HostException refused) {
          throw HostProblems.of(refused);
        }
        throw e.getCause() instanceof RuntimeException failure ? failure : e;
      }
    }
  }

  private Deed perform(String kind, HostPlan plan, BiConsumer<HostTransaction, HostPlan> way) {
    Instant startedAt = Instant.now();
    if (plan.isEmpty()) {
      return new Deed(kind, startedAt, Duration.ZERO, java.util.List.of(), Optional.empty());
    }
    Deed deed =
        ask(() -> {
          long start = System.nanoTime();
          HostTransaction transaction = new HostTransaction(host);
          Optional<HostException> failure = Optional.empty();
          try {
            way.accept(transaction, plan);
          } catch (HostException e) {
            failure = Optional.of(e);
          }
          Duration took = Duration.ofNanos(System.nanoTime() - start);
          return new Deed(kind, startedAt, took, transaction.trace(), failure);
        });
    measure(deed);
    return deed;
  }

  private void measure(Deed deed) {
    Timer.builder("joblet.host.operation")
        .description("Plans applied to the host")
        .tag("kind", deed.kind())
        .tag("outcome", deed.outcome().name())
        .publishPercentileHistogram()
        .register(meters)
        .record(deed.took());
    for (StepRecord step : deed.steps()) {
      Timer.builder("joblet.host.step")
          .description("Single steps on the host")
          .tag("step", step.operation().kind())
          .tag("outcome", step.outcome().name())
          .publishPercentileHistogram()
          .register(meters)
          .record(step.took());
    }
  }

  @PreDestroy
  void stop() {
    sequences.close();
    threads.close();
  }
}
