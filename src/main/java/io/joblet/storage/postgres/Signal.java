package io.joblet.storage.postgres;

import java.io.IOException;

/** The signals a postmaster knows ("Shutting Down the Server" in PostgreSQL's manual). */
enum Signal {
  /** Fast shutdown: sessions are ended, everything is written out. */
  INT,
  /** Immediate shutdown: the next start recovers from the log. */
  QUIT,
  KILL;

  /** A process that is gone already is fine. */
  void send(long pid) throws IOException {
    Process kill =
        new ProcessBuilder("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name(), Long.toString(pid))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      kill.waitFor();
    } catch (InterruptedException e) {
      // The signal is as good as sent; the caller meets the interrupt at its next wait.
      Thread.currentThread().interrupt();
    }
  }
}
