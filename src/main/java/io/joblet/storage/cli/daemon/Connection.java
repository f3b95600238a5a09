package io.joblet.storage.cli.daemon;

import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.values.Span;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the daemon is and how long to wait for it. Mixed into every command that calls it. */
public final class Connection {
  private static final String DEFAULT_SOCKET = "/run/joblet/storage.sock";

  private final Surroundings surroundings;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "The daemon's Unix socket; otherwise RNX_SOCKET, JOBLET_SOCKET, or "
              + DEFAULT_SOCKET
              + ".")
  Path socket;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "Longest wait for each answer, e.g. 10s, 5m; default ${DEFAULT-VALUE}.")
  Span timeout = Span.of("30s");

  Connection(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Opens a channel; the socket is connected by the first call. Close it before the process ends.
   */
  public Daemon open() {
    return new Daemon(path(), timeout.duration());
  }

  private Path path() {
    if (socket != null) {
      return socket;
    }
    for (String name : new String[] {"RNX_SOCKET", "JOBLET_SOCKET"}) {
      String path = surroundings.environment().getOrDefault(name, "");
      if (!path.isEmpty()) {
        return Path.of(path);
      }
    }
    return Path.of(DEFAULT_SOCKET);
  }
}
