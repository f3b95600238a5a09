package io.joblet.storage.bench;

import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobFilesystem;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import io.joblet.storage.v1.Userland;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Jobs that run a command and end. */
final class Runs {
  /** By all clients together: one that has just begun spends a millisecond before a call is sent. */
  private static final int WARM_UP_STARTS = 400;

  private Runs() {}

  /**
   * Milliseconds from each request to the time stamp that its command prints, of clients that are
   * warm. System.nanoTime is CLOCK_MONOTONIC in this JVM, as the stamp is.
   */
  static List<Double> starts(Path socket, int clients, int rounds, String root) throws Exception {
    String run = run();
    int unmeasured = WARM_UP_STARTS / clients;
    return together(
        clients,
        client -> {
          List<Double> millis = new ArrayList<>();
          try (Connection connection = new Connection(socket)) {
            for (int round = 0; round < unmeasured + rounds; round++) {
              double one = start(connection, run + "-" + client + "-" + round, root);
              if (round >= unmeasured) {
                millis.add(one);
              }
            }
          }
          return millis;
        });
  }

  private static double start(Connection connection, String name, String root) {
    RunJobRequest request = request(name, root, "/bin/stamp");
    long begun = System.nanoTime();
    connection.jobs().runJob(request);
    return (Long.parseLong(outputOf(connection, name).strip()) - begun) / 1e6;
  }

  /** All start as fast as they can, run for a second and end. Prints how long each took. */
  static String crowd(Path socket, int jobs, String root) throws Exception {
    String run = run();
    long begun = System.nanoTime();
    List<Long> ran =
        together(
            jobs,
            client -> {
              try (Connection connection = new Connection(socket)) {
                connection
                    .jobs()
                    .runJob(request(run + "-" + client, root, "/bin/busybox", "sleep", "1"));
                long runs = System.nanoTime();
                outputOf(connection, run + "-" + client);
                return List.of(runs, System.nanoTime());
              }
            });
    long lastStart = begun;
    long lastEnd = begun;
    for (int i = 0; i < ran.size(); i += 2) {
      lastStart = Math.max(lastStart, ran.get(i));
      lastEnd = Math.max(lastEnd, ran.get(i + 1));
    }
    double starts = (lastStart - begun) / 1e9;
    double all = (lastEnd - begun) / 1e9;
    return String.format("%.1f %.2f %.2f", jobs / starts, starts, all);
  }

  private static RunJobRequest request(String name, String root, String... command) {
    return RunJobRequest.newBuilder()
        .setJobId(name)
        .addAllCommand(List.of(command))
        .setFilesystem(
            JobFilesystem.newBuilder().setUserland(Userland.DIRECTORY).setDirectory(root))
        .build();
  }

  /** Everything it prints; returns when it has ended and holds nothing more. */
  private static String outputOf(Connection connection, String name) {
    StringBuilder text = new StringBuilder();
    Job ended = null;
    Iterator<JobOutput> events =
        connection
            .jobs()
            .streamLogs(StreamLogsRequest.newBuilder().setJob(name).setFollow(true).build());
    while (events.hasNext()) {
      JobOutput event = events.next();
      text.append(event.getChunk().getData().toStringUtf8());
      ended = event.hasEnded() ? event.getEnded() : ended;
    }
    if (ended == null || !ended.hasExitCode() || ended.getExitCode() != 0) {
      throw new IllegalStateException("job " + name + " did not end as it should: " + ended);
    }
    return text.toString();
  }

  private static String run() {
    return "r" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
  }

  @FunctionalInterface
  interface Client<T> {
    List<T> run(int number) throws Exception;
  }

  static <T> List<T> together(int clients, Client<T> client) throws Exception {
    List<Callable<List<T>>> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int number = i;
      all.add(() -> client.run(number));
    }
    List<T> found = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      for (Future<List<T>> one : threads.invokeAll(all)) {
        found.addAll(one.get());
      }
    }
    return found;
  }
}
