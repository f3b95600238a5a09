package io.joblet.storage.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Starts programs as a uid that owns nothing but the database, with no groups, no capabilities, no
 * way to gain any, and an environment that holds nothing of the daemon's. They get SIGINT when this
 * process dies in whatever way.
 *
 * <p>The kernel sends that signal when the <em>thread</em> ends that made the process (prctl(2),
 * PR_SET_PDEATHSIG), so all are made by one thread that never ends.
 */
final class Unprivileged {
  private static final LinkedBlockingQueue<Runnable> SPAWNS = new LinkedBlockingQueue<>();

  static {
    Thread.ofPlatform().daemon().name("postgres-spawner").start(Unprivileged::spawnForever);
  }

  private Unprivileged() {}

  /**
   * @param prefix what runs first, as root, and executes the rest of its arguments; may be empty
   * @param output receives both standard streams; truncated first
   */
  static Process start(int uid, List<String> prefix, List<String> command, Path output)
      throws IOException {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(
        List.of(
            "setpriv",
            "--reuid=" + uid,
            "--regid=" + uid,
            "--clear-groups",
            "--no-new-privs",
            "--pdeathsig=INT",
            "--"));
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .directory(new File("/"))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(output.toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    // With TZ set, initdb does not search for the host's time zone.
    builder
        .environment()
        .putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C", "TZ", "UTC"));
    CompletableFuture<Process> started = new CompletableFuture<>();
    SPAWNS.add(() -> {
      try {
        started.complete(builder.start());
      } catch (IOException | RuntimeException e) {
        started.completeExceptionally(e);
      }
    });
    try {
      return started.join();
    } catch (CompletionException e) {
      throw new IOException("run " + whole.getFirst() + ": " + e.getCause().getMessage(), e);
    }
  }

  private static void spawnForever() {
    while (true) {
      try {
        SPAWNS.take().run();
      } catch (InterruptedException nobodyEndsThisThread) {
        // Ending would take every server down.
      }
    }
  }
}
