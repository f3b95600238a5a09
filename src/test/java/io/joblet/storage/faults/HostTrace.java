package io.joblet.storage.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * strace(1) on the one thread that works on the host, which is slowed down while no other is. A
 * SIGKILL injected into a system call arrives before it is made: the kernel looks for a fatal
 * signal after the tracer has seen the entry.
 */
final class HostTrace implements AutoCloseable {
  private final Process strace;
  private final Path log;

  private HostTrace(Process strace, Path log) {
    this.strace = strace;
    this.log = log;
  }

  /**
   * Returns when the thread is traced.
   *
   * @param injections e.g. {@code mkdirat:signal=KILL:when=2}, counted from now on
   */
  static HostTrace attach(Running daemon, Path directory, List<String> injections)
      throws IOException {
    Path log = Files.createTempFile(directory, "strace", ".log");
    Path said = Files.createTempFile(directory, "strace", ".err");
    String calls =
        Stream.concat(HostCall.CHANGING.stream(), HostCall.LOOKING.stream())
            .collect(Collectors.joining(","));
    List<String> command =
        new ArrayList<>(List.of("strace", "-o", log.toString(), "-e", "trace=" + calls));
    for (String injection : injections) {
      command.addAll(List.of("-e", "inject=" + injection));
    }
    command.addAll(List.of("-p", Long.toString(daemon.hostThread())));
    Process strace = new ProcessBuilder(command).redirectError(said.toFile()).start();
    HostTrace trace = new HostTrace(strace, log);
    await()
        .pollInterval(Duration.ofMillis(5))
        .failFast(() -> {
          if (!strace.isAlive()) {
            throw new AssertionError("strace ended: " + Files.readString(said));
          }
        })
        .until(() -> Files.readString(said).contains("attached"));
    return trace;
  }

  /** Lets the thread go and returns what it called. */
  List<HostCall> calls() throws IOException, InterruptedException {
    close();
    Map<String, Integer> seen = new HashMap<>();
    List<HostCall> calls = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      int parenthesis = line.indexOf('(');
      if (parenthesis > 0 && Character.isLetter(line.charAt(0))) {
        String name = line.substring(0, parenthesis);
        HostCall call = new HostCall(name, seen.merge(name, 1, Integer::sum), line);
        if (call.known()) {
          calls.add(call);
        }
      }
    }
    return calls;
  }

  @Override
  public void close() throws InterruptedException {
    strace.destroy();
    if (!strace.waitFor(30, TimeUnit.SECONDS)) {
      strace.destroyForcibly().waitFor();
    }
  }
}
