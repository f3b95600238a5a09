package io.joblet.storage.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * Clients that do the same thing over and over, each waiting for its answer before it goes on. What
 * begins before the warm-up has passed is not counted; the first failure ends the run.
 */
record Rate(long count, double seconds, long[] sortedNanos) {

  /** One client's deed; {@code round} never repeats for that client. */
  @FunctionalInterface
  interface Deed {
    void run(long round) throws Exception;
  }

  static Rate of(List<? extends Deed> clients, Duration warmUp, Duration measured)
      throws Exception {
    long from = System.nanoTime() + warmUp.toNanos();
    long until = from + measured.toNanos();
    List<Callable<long[]>> loops = new ArrayList<>();
    clients.forEach(client -> loops.add(() -> loop(client, from, until)));
    try (ExecutorService threads = Executors.newFixedThreadPool(loops.size())) {
      List<Future<long[]>> ended = threads.invokeAll(loops);
      LongStream all = LongStream.empty();
      for (Future<long[]> one : ended) {
        all = LongStream.concat(all, Arrays.stream(one.get()));
      }
      long[] nanos = all.sorted().toArray();
      return new Rate(nanos.length, (System.nanoTime() - from) / 1e9, nanos);
    }
  }

  private static long[] loop(Deed client, long from, long until) throws Exception {
    LongStream.Builder took = LongStream.builder();
    long start = System.nanoTime();
    for (long round = 0; start < until; round++) {
      client.run(round);
      long end = System.nanoTime();
      if (start >= from) {
        took.add(end - start);
      }
      start = end;
    }
    return took.build().toArray();
  }

  double perSecond() {
    return count / seconds;
  }

  /** {@code share} of all took at most so many milliseconds. */
  double millis(double share) {
    return count == 0
        ? Double.NaN
        : sortedNanos[(int) Math.min(count - 1, (long) (share * count))] / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        "%.1f %.2f %.2f", perSecond(), millis(0.5), millis(0.99));
  }
}
