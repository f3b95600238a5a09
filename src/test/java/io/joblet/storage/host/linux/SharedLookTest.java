package io.joblet.storage.host.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedLookTest {
  @Test
  void givesNobodyWhatWasSeenBeforeTheQuestion() throws Exception {
    AtomicLong world = new AtomicLong();
    SharedLook<Long> look = new SharedLook<>(world::get);
    try (ExecutorService askers = Executors.newFixedThreadPool(6)) {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        results.add(
            askers.submit(() -> {
              boolean fresh = true;
              for (int n = 0; n < 10_000; n++) {
                long change = world.incrementAndGet();
                fresh &= look.look() >= change;
              }
              return fresh;
            }));
      }
      for (Future<Boolean> result : results) {
        assertThat(result.get()).isTrue();
      }
    }
  }
}
