package io.joblet.storage.postgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Server processes that outlived the daemon that started them. All processes of a PostgreSQL server
 * have its data directory as working directory and its owner as uid; a number in postmaster.pid
 * proves nothing, since it may be another process's by now.
 */
final class Survivors {
  private static final Path PROC = Path.of("/proc");
  private static final Duration FAST = Duration.ofSeconds(60);
  private static final Duration IMMEDIATE = Duration.ofSeconds(10);
  private static final Duration GLANCE = Duration.ofMillis(10);

  private final Path data;
  private final int uid;

  Survivors(Path data) throws IOException {
    this.data = data.toRealPath();
    this.uid = Durable.owner(data);
  }

  /**
   * Ends them, at first the way that loses nothing and needs no recovery, and then removes the
   * stale postmaster.pid. That file is also what tells a new server of memory still in use by the
   * former one, so it goes only when no process is left.
   */
  void end() throws IOException, InterruptedException {
    OptionalLong postmaster = postmaster();
    if (postmaster.isPresent() && alive().contains(postmaster.getAsLong())) {
      Signal.INT.send(postmaster.getAsLong());
    }
    // Without a postmaster the others notice and end by themselves.
    if (!goneWithin(FAST)) {
      sendToAll(Signal.QUIT);
    }
    if (!goneWithin(IMMEDIATE)) {
      sendToAll(Signal.KILL);
    }
    if (!goneWithin(IMMEDIATE)) {
      throw new PostgresException("end the former PostgreSQL: processes " + alive() + " stay");
    }
    Files.deleteIfExists(pidFile(data));
  }

  List<Long> alive() throws IOException {
    List<Long> pids = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (belongs(process)) {
          pids.add(Long.parseLong(process.getFileName().toString()));
        }
      }
    }
    return pids;
  }

  static Path pidFile(Path data) {
    return data.resolve("postmaster.pid");
  }

  private OptionalLong postmaster() throws IOException {
    if (!Files.exists(pidFile(data))) {
      return OptionalLong.empty();
    }
    String first = Files.readString(pidFile(data)).lines().findFirst().orElse("");
    return first.matches("[0-9]{1,10}")
        ? OptionalLong.of(Long.parseLong(first))
        : OptionalLong.empty();
  }

  private boolean belongs(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data)
          && Files.readString(process.resolve("status")).contains("\nUid:\t" + uid + "\t");
    } catch (IOException gone) {
      return false;
    }
  }

  private boolean goneWithin(Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!alive().isEmpty()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(GLANCE);
    }
    return true;
  }

  private void sendToAll(Signal signal) throws IOException {
    for (long pid : alive()) {
      signal.send(pid);
    }
  }
}
