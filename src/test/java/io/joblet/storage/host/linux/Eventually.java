package io.joblet.storage.host.linux;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for what the kernel does by itself shortly after a call. */
final class Eventually {
  private Eventually() {}

  static void isTrue(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }
}
