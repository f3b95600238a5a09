package io.joblet.storage.faults;

import io.joblet.storage.faults.Crashes.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits until somebody stops a daemon, does something then, and lets it go on. */
final class Pause {
  private static final int POLL_MILLIS = 5;

  private final Running daemon;
  private final Change meanwhile;
  private volatile boolean over;
  private CompletableFuture<Boolean> watched;

  private Pause(Running daemon, Change meanwhile) {
    this.daemon = daemon;
    this.meanwhile = meanwhile;
  }

  static Pause of(Running daemon, Change meanwhile) {
    Pause pause = new Pause(daemon, meanwhile);
    pause.watched = CompletableFuture.supplyAsync(pause::watch);
    return pause;
  }

  /** Waits no longer; whether it came to that. */
  boolean tookPlace() {
    over = true;
    return watched.join();
  }

  private boolean watch() {
    try {
      // Field 3 of /proc/pid/status, proc(5).
      Path status = Path.of("/proc", Long.toString(daemon.pid()), "status");
      while (!Files.readString(status).contains("State:\tT")) {
        if (over) {
          return false;
        }
        Thread.sleep(POLL_MILLIS);
      }
      try {
        meanwhile.make();
      } finally {
        Shell.run("kill", "-CONT", Long.toString(daemon.pid()));
      }
      return true;
    } catch (IOException | InterruptedException e) {
      throw new CompletionException(e);
    }
  }
}
