package io.joblet.storage.service;

import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Many callers that begin at the same moment. */
final class Clients {
  private Clients() {}

  /** How one call ended; one of both is null. */
  record Outcome<T>(T answer, Refused refusal) {
    boolean won() {
      return refusal == null;
    }
  }

  static <T> List<Outcome<T>> together(int count, IntFunction<T> call) {
    List<Callable<T>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      calls.add(() -> call.apply(number));
    }
    return together(calls);
  }

  static <T> List<Outcome<T>> together(List<? extends Callable<T>> calls) {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> call : calls) {
        futures.add(
            threads.submit(() -> {
              start.await();
              return call.call();
            }));
      }
      start.countDown();
      List<Outcome<T>> outcomes = new ArrayList<>();
      for (Future<T> future : futures) {
        outcomes.add(outcome(future));
      }
      return outcomes;
    }
  }

  private static <T> Outcome<T> outcome(Future<T> future) {
    try {
      return new Outcome<>(future.get(), null);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException refusal) {
        return new Outcome<>(null, Refused.of(refusal));
      }
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
