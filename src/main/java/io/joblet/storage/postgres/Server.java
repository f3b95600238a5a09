package io.joblet.storage.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of the postmaster, from its start to its end. */
final class Server {
  /** Line of postmaster.pid that tells the state (src/include/utils/pidfile.h). */
  private static final int STATUS_LINE = 7;

  private static final Duration GLANCE = Duration.ofMillis(5);
  private static final Duration FAST = Duration.ofSeconds(60);
  private static final Duration IMMEDIATE = Duration.ofSeconds(10);

  private final Process process;

  private Server(Process process) {
    this.process = process;
  }

  /**
   * Returns when the server accepts connections; recovery from a crash may take its time. The data
   * directory must be free of {@link Survivors}.
   *
   * @throws PostgresException with the end of the server's log when it ends or takes longer; it is
   *     stopped then, as it is on an interrupt
   */
  static Server start(
      PostgresDirectory directory, Distribution distribution, int uid, Duration limit)
      throws IOException, InterruptedException {
    List<String> command =
        List.of(
            distribution.program("postgres").toString(),
            "-D",
            directory.data().toString(),
            "-c",
            "config_file=" + directory.serverConfiguration());
    Instant began = Instant.now();
    Process process = Unprivileged.start(uid, List.of(), command, directory.startLog());
    Server server = new Server(process);
    boolean ready = false;
    try {
      server.awaitReady(directory, limit, began);
      ready = true;
      return server;
    } finally {
      if (!ready) {
        process.destroyForcibly();
      }
    }
  }

  long pid() {
    return process.pid();
  }

  /** Returns the exit status. */
  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  /** Fast shutdown, and immediate shutdown if that takes longer than a minute. */
  void stop() throws IOException, InterruptedException {
    if (endsAfter(Signal.INT, FAST) || endsAfter(Signal.QUIT, IMMEDIATE)) {
      return;
    }
    process.destroyForcibly().waitFor();
  }

  private boolean endsAfter(Signal signal, Duration limit)
      throws IOException, InterruptedException {
    if (process.isAlive()) {
      signal.send(process.pid());
    }
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void awaitReady(PostgresDirectory directory, Duration limit, Instant began)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!isReady(directory.data())) {
      if (process.waitFor(GLANCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new PostgresException(
            "start PostgreSQL in "
                + directory.data()
                + ": it ended with status "
                + process.exitValue()
                + "; "
                + LogTail.ofServer(directory, began));
      }
      if (System.nanoTime() > deadline) {
        throw new PostgresException(
            "start PostgreSQL in "
                + directory.data()
                + ": not ready after "
                + limit.toSeconds()
                + " s; "
                + LogTail.ofServer(directory, began));
      }
    }
  }

  private boolean isReady(Path data) throws IOException {
    try {
      List<String> lines = Files.readAllLines(Survivors.pidFile(data));
      return lines.size() > STATUS_LINE
          && lines.getFirst().equals(Long.toString(process.pid()))
          && lines.get(STATUS_LINE).strip().equals("ready");
    } catch (NoSuchFileException notYet) {
      return false;
    }
  }
}
