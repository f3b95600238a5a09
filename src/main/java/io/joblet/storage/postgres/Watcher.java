package io.joblet.storage.postgres;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Keeps a server running, on the same port, until it is told to stop. */
final class Watcher {
  private static final Logger LOG = Logger.getLogger(Watcher.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final PostgresDirectory directory;
  private final Distribution distribution;
  private final int uid;
  private final Duration limit;
  private final Thread thread;
  private volatile Server server;
  private volatile boolean stopping;

  /** Starts the server and returns when it is ready. */
  Watcher(PostgresDirectory directory, Distribution distribution, int uid, Duration limit)
      throws IOException, InterruptedException {
    this.directory = directory;
    this.distribution = distribution;
    this.uid = uid;
    this.limit = limit;
    this.server = Server.start(directory, distribution, uid, limit);
    this.thread = Thread.ofPlatform().daemon().name("postgres-watcher").unstarted(this::run);
  }

  /** From now on a server that ends is started again. */
  void watch() {
    thread.start();
  }

  long pid() {
    return server.pid();
  }

  /** Returns when the server is gone, also one whose restart was under way. */
  void stop() throws IOException, InterruptedException {
    stopping = true;
    thread.interrupt();
    thread.join();
    server.stop();
  }

  private void run() {
    try {
      while (!stopping) {
        Instant since = Instant.now();
        int status = server.awaitEnd();
        LOG.errorf(
            "PostgreSQL (pid %d) ended with status %d, starting it again; %s",
            server.pid(), status, LogTail.ofServer(directory, since));
        restart();
      }
    } catch (InterruptedException told) {
      // By stop(), which sees to the server itself.
    }
  }

  private void restart() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      Thread.sleep(pause);
      try {
        new Survivors(directory.data()).end();
        server = Server.start(directory, distribution, uid, limit);
        LOG.infof("PostgreSQL serves again (pid %d)", server.pid());
        return;
      } catch (IOException | RuntimeException e) {
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        LOG.errorf(
            "PostgreSQL does not start, next try in %d ms: %s", pause.toMillis(), e.getMessage());
      }
    }
  }
}
