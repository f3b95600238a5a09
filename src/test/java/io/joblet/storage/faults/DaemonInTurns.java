package io.joblet.storage.faults;

import java.io.IOException;

/** The daemon that serves now; one that is killed is followed by the next. For many threads. */
final class DaemonInTurns {
  private Running now;

  DaemonInTurns(Running first) {
    now = first;
  }

  /** Of the one that serves; waits while there is none. */
  synchronized Client client() {
    return now.client();
  }

  /** Kills it and starts the next. */
  synchronized void replace(Installation installation) throws IOException, InterruptedException {
    now.kill();
    now.close();
    now = installation.start();
  }
}
