package io.joblet.storage.cli.daemon;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * How the daemon is reached: what the command line says, then what the environment says, then the
 * user's own file, then the socket of this host. A file in the working directory is not looked for:
 * whoever may write there could name another daemon.
 *
 * @param socket null where it is by TLS
 * @param config null where it is by the socket
 */
record Way(Path socket, Path config, String node) {
  static final String DEFAULT_SOCKET = "/run/joblet/storage.sock";
  private static final String DEFAULT_NODE = "default";

  static Way of(Path socket, Path config, String node, Map<String, String> environment) {
    if (socket != null) {
      return new Way(socket, null, null);
    }
    String wanted = node == null ? DEFAULT_NODE : node;
    if (config != null) {
      return new Way(null, config, wanted);
    }
    String named = first(environment, "RNX_SOCKET", "JOBLET_SOCKET");
    if (!named.isEmpty() && node == null) {
      return new Way(Path.of(named), null, null);
    }
    String file = first(environment, "RNX_CONFIG", "JOBLET_CONFIG");
    if (!file.isEmpty()) {
      return new Way(null, Path.of(file), wanted);
    }
    Path own = Path.of(environment.getOrDefault("HOME", "/"), ".rnx/rnx-config.yml");
    return node != null || Files.exists(own)
        ? new Way(null, own, wanted)
        : new Way(Path.of(DEFAULT_SOCKET), null, null);
  }

  private static String first(Map<String, String> environment, String... names) {
    for (String name : names) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }
}
