package io.joblet.storage.cli.tls;

import java.util.stream.Collectors;

/** Writes an {@code rnx-config.yml} of version 3.0 for one node. */
final class ClientFile {
  private ClientFile() {}

  static String of(String address, Credentials client, String caPem) {
    return "version: \"3.0\"\n"
        + "nodes:\n"
        + "  default:\n"
        + line(address)
        + "\n"
        + block("cert", client.certificatePem())
        + block("key", client.keyPem())
        + block("ca", caPem);
  }

  /** Where it says that. */
  static String line(String address) {
    return "    address: \"" + address + "\"";
  }

  private static String block(String name, String pem) {
    return "    "
        + name
        + ": |\n"
        + pem.lines().map(line -> "      " + line + "\n").collect(Collectors.joining());
  }
}
