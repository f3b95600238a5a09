package io.joblet.storage.bench;

import io.joblet.storage.v1.SampleUsageRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has the use of all volumes read and stored. */
final class Samplings {
  private Samplings() {}

  /** Milliseconds of each, from the call to the answer. */
  static List<Long> run(Path socket, int times, int secondsApart) throws InterruptedException {
    List<Long> millis = new ArrayList<>();
    try (Connection connection = new Connection(socket)) {
      for (int i = 0; i < times; i++) {
        if (i > 0) {
          Thread.sleep(1000L * secondsApart);
        }
        long begin = System.nanoTime();
        connection.admin().sampleUsage(SampleUsageRequest.getDefaultInstance());
        millis.add((System.nanoTime() - begin) / 1_000_000);
      }
    }
    return millis;
  }
}
