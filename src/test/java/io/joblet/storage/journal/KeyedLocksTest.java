package io.joblet.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.journal.KeyedLocks.Held;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class KeyedLocksTest {
  private final KeyedLocks<String> locks = new KeyedLocks<>();

  @Test
  void letsOneInAtATimePerKeyAndForgetsTheKey() throws Exception {
    int[] counter = new int[1];
    List<Callable<Integer>> calls =
        Collections.nCopies(
            1000,
            () -> {
              try (Held held = locks.lock("key")) {
                return counter[0]++;
              }
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> done : threads.invokeAll(calls)) {
        assertThat(done.get()).isLessThan(1000);
      }
    }
    assertThat(counter[0]).isEqualTo(1000);
    assertThat(locks.inUse()).isEmpty();
  }

  @Test
  void keepsOtherKeysFree() throws Exception {
    try (Held held = locks.lock("a");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> other =
          threads.submit(() -> {
            try (Held b = locks.lock("b")) {
              return "entered";
            }
          });
      assertThat(other.get()).isEqualTo("entered");
      assertThat(locks.inUse()).containsExactly("a");
    }
  }

  @Test
  void tellsWhoMustNotWaitThatTheKeyIsTaken() throws Exception {
    try (Held held = locks.lock("key");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Boolean> attempt = () -> locks.tryLock("key").isPresent();
      assertThat(threads.submit(attempt).get()).isFalse();
      assertThat(locks.inUse()).containsExactly("key");
    }
    locks.tryLock("key").orElseThrow().close();
    assertThat(locks.inUse()).isEmpty();
  }

  @Test
  void letsTheHolderInAgain() {
    try (Held outer = locks.lock("key")) {
      try (Held inner = locks.lock("key")) {
        assertThat(locks.inUse()).containsExactly("key");
      }
      assertThat(locks.inUse()).containsExactly("key");
    }
    assertThat(locks.inUse()).isEmpty();
  }

  @Test
  void keepsTheKeyWhileSomebodyWaits() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> waiting;
      try (Held held = locks.lock("key")) {
        waiting =
            threads.submit(() -> {
              try (Held next = locks.lock("key")) {
                entered.countDown();
              }
            });
        assertThat(entered.getCount()).isEqualTo(1);
      }
      waiting.get();
    }
    assertThat(entered.getCount()).isZero();
    assertThat(locks.inUse()).isEmpty();
  }
}
