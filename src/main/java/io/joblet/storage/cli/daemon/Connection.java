package io.joblet.storage.cli.daemon;

import io.grpc.ManagedChannel;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.shell.Visible;
import io.joblet.storage.cli.values.Span;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the daemon is and how long to wait for it. Mixed into every command that calls it. */
public final class Connection {
  private final Surroundings surroundings;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "The daemon's Unix socket; otherwise RNX_SOCKET, JOBLET_SOCKET, or "
              + Way.DEFAULT_SOCKET
              + ".")
  Path socket;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "Longest wait for each answer, e.g. 10s, 5m; default ${DEFAULT-VALUE}.")
  Span timeout = Span.of("30s");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "An rnx-config.yml that says how to reach a daemon by TLS; otherwise RNX_CONFIG,"
              + " JOBLET_CONFIG, or ~/.rnx/rnx-config.yml if it is there.")
  Path config;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Which node of that file; otherwise default.")
  String node;

  Connection(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /**
   * Opens a channel; it is connected by the first call. Close it before the process ends.
   *
   * @throws IOException when the file of nodes cannot be used
   */
  public Daemon open() throws IOException {
    Way way = Way.of(socket, config, node, surroundings.environment());
    ManagedChannel channel =
        way.socket() != null ? Channels.socket(way.socket()) : remote(way.config(), way.node());
    return new Daemon(channel, timeout.duration());
  }

  private ManagedChannel remote(Path file, String name) throws IOException {
    NodeFile.Node read = NodeFile.read(file, name);
    Secrecy.warning(file).map(Visible::text).ifPresent(surroundings::note);
    return Channels.tls(read);
  }
}
