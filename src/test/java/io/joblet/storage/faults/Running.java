package io.joblet.storage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** One daemon process and a client of it. */
final class Running implements AutoCloseable {
  private static final int KILLED = 128 + 9;

  private final Process process;
  private final Client client;

  Running(Process process, Path socket) {
    this.process = process;
    this.client = new Client(socket);
  }

  Process process() {
    return process;
  }

  Client client() {
    return client;
  }

  long pid() {
    return process.pid();
  }

  /** The kernel's id of the thread that works on the host; there is one with host-threads=1. */
  long hostThread() throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        if (Files.readString(thread.resolve("comm")).strip().equals("host-0")) {
          return Long.parseLong(thread.getFileName().toString());
        }
      }
    }
    throw new AssertionError("the daemon has no thread host-0");
  }

  /** Whether SIGKILL has ended it, and not itself: Java has 128 and the signal's number then. */
  boolean wasKilled() {
    return !process.isAlive() && process.exitValue() == KILLED;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    client.close();
    kill();
  }
}
