package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupSyncTest {
  private final ExecutorService callers = Executors.newFixedThreadPool(9);

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  @Test
  void servesLateCallersByOneNextRoundAndNotByTheOneUnderWay() throws Exception {
    AtomicInteger rounds = new AtomicInteger();
    CountDownLatch firstBegan = new CountDownLatch(1);
    CountDownLatch letFirstEnd = new CountDownLatch(1);
    GroupSync sync =
        new GroupSync(() -> {
          if (rounds.incrementAndGet() == 1) {
            firstBegan.countDown();
            awaitQuietly(letFirstEnd);
          }
        });
    Future<?> first = callers.submit(sync::sync);
    firstBegan.await();
    AtomicInteger calling = new AtomicInteger();
    List<Future<?>> late = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      late.add(
          callers.submit(() -> {
            calling.incrementAndGet();
            sync.sync();
          }));
    }
    while (calling.get() < 8 || sync.waiting() < 8) {
      Thread.onSpinWait();
    }
    assertThat(late).noneMatch(Future::isDone);
    letFirstEnd.countDown();
    first.get();
    for (Future<?> caller : late) {
      caller.get();
    }
    assertThat(rounds).hasValue(2);
  }

  @Test
  void coversWhatEveryCallerDidBeforeItCalled() throws Exception {
    AtomicLong written = new AtomicLong();
    AtomicLong durable = new AtomicLong();
    GroupSync sync = new GroupSync(() -> durable.set(written.get()));
    List<Future<Boolean>> results = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      results.add(
          callers.submit(() -> {
            boolean covered = true;
            for (int n = 0; n < 20_000; n++) {
              long mine = written.incrementAndGet();
              sync.sync();
              covered &= durable.get() >= mine;
            }
            return covered;
          }));
    }
    for (Future<Boolean> result : results) {
      assertThat(result.get()).isTrue();
    }
  }

  @Test
  void tellsEverybodyInTheRoundOfItsFailureAndNobodyAfterIt() {
    AtomicInteger rounds = new AtomicInteger();
    GroupSync sync =
        new GroupSync(() -> {
          if (rounds.incrementAndGet() == 1) {
            throw new KernelRefusal("syncfs", 5);
          }
        });
    assertThatThrownBy(sync::sync).hasMessageContaining("EIO");
    sync.sync();
    assertThat(rounds).hasValue(2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
