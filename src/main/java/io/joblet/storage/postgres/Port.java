package io.joblet.storage.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Chooses a TCP port of 127.0.0.1. */
final class Port {
  /** Below Linux's ephemeral ports, which any outgoing connection may take during a restart. */
  private static final int FIRST = 20_000;

  private static final int LAST = 29_999;
  private static final int TRIES = 1000;

  private Port() {}

  /** The preferred one if it is free, for the sake of people's bookmarks; 0 prefers none. */
  static int free(int preferred) {
    if (preferred > 0 && isFree(preferred)) {
      return preferred;
    }
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (isFree(port)) {
        return port;
      }
    }
    throw new PostgresException(
        "choose a port for PostgreSQL: none is free from " + FIRST + " to " + LAST);
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
