package io.joblet.storage.cli.daemon;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads {@code rnx-config.yml}: for each node where it is, and the PEM texts to talk to it with.
 */
final class NodeFile {
  private NodeFile() {}

  /** One node; {@code cert}, {@code key} and {@code ca} are PEM. */
  record Node(String host, int port, String cert, String key, String ca) {}

  static Node read(Path file, String name) throws IOException {
    try (Reader reader = Files.newBufferedReader(file)) {
      Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      if (!(member(document, "nodes") instanceof Map<?, ?> nodes)) {
        throw new Unusable(file + ": there are no nodes in it");
      }
      if (!(nodes.get(name) instanceof Map<?, ?> node)) {
        throw new Unusable(file + ": there is no node '" + name + "', only " + nodes.keySet());
      }
      return node(file, name, node);
    } catch (YAMLException e) {
      throw new Unusable(file + ": not YAML: " + e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private static Node node(Path file, String name, Map<?, ?> node) throws IOException {
    String address = text(file, name, node, "address");
    int colon = address.lastIndexOf(':');
    try {
      String host = colon < 1 ? "" : address.substring(0, colon).replaceAll("^\\[|\\]$", "");
      int port = Integer.parseInt(address.substring(colon + 1));
      if (host.isEmpty() || port < 1 || port > 65535) {
        throw new NumberFormatException("no host, or no port");
      }
      return new Node(
          host,
          port,
          text(file, name, node, "cert"),
          text(file, name, node, "key"),
          text(file, name, node, "ca"));
    } catch (NumberFormatException e) {
      throw new Unusable(
          file + ": the address of node '" + name + "' must be HOST:PORT, was '" + address + "'");
    }
  }

  private static String text(Path file, String name, Map<?, ?> node, String key)
      throws IOException {
    if (node.get(key) instanceof String text && !text.isBlank()) {
      return text;
    }
    throw new Unusable(file + ": node '" + name + "' has no " + key);
  }

  private static Object member(Object document, String key) {
    return document instanceof Map<?, ?> map ? map.get(key) : null;
  }
}
