package io.joblet.storage.cli.tls;

import io.joblet.storage.cli.daemon.Unusable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The keys and certificates of one daemon and its clients, in a directory. */
public final class Installation {
  /** How long certificates of servers and clients are good. */
  private static final Duration LIFE = Duration.ofDays(730);

  private static final String PEM = ".pem";
  private static final String KEY = ".key";
  private static final String SERVER = "server";
  private static final String REVOKED = "revoked.crl";
  private static final String CLIENTS = "clients";

  private final KeyDirectory directory;
  private final Instant now;
  private final List<Path> written = new ArrayList<>();
  private final List<Kept> kept = new ArrayList<>();

  public Installation(Path directory, Instant now) {
    this.directory = new KeyDirectory(directory);
    this.now = now;
  }

  /**
   * Makes what is not there; never changes what is.
   *
   * @param hosts by which clients reach the daemon, the first as they are told; if there are none,
   *     they are told the first that the daemon's certificate was made for
   * @return the files written
   */
  public List<Path> make(List<String> hosts, int port, List<NewClient> clients) throws IOException {
    directory.make();
    Authority authority = authority();
    List<String> names = Stream.concat(Kept.ALWAYS.stream(), hosts.stream()).distinct().toList();
    if (isNew(directory, SERVER)) {
      write(directory, SERVER, authority.server(names, now, now.plus(LIFE)));
    } else {
      kept.add(Kept.server(directory, SERVER, hosts));
    }
    if (!directory.has(REVOKED)) {
      written.add(directory.write(REVOKED, new RevocationList(Map.of()).pem(authority, now)));
    }
    KeyDirectory forClients = directory.below(CLIENTS);
    String host = hosts.isEmpty() ? Kept.host(directory, SERVER) : hosts.getFirst();
    String address = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    for (NewClient client : clients) {
      forClients.make();
      if (isNew(forClients, client.name())) {
        Credentials made =
            authority.client(client.name(), List.of(client.role()), now, now.plus(LIFE));
        write(forClients, client.name(), made);
        String text = ClientFile.of(address, made, authority.own().certificatePem());
        written.add(forClients.writeSecret(client.name() + ".yml", text));
      } else {
        kept.add(Kept.client(forClients, client, hosts.isEmpty() ? null : address));
      }
    }
    return List.copyOf(written);
  }

  /** What was there and was not touched, for people: also where it is not as it was asked for. */
  public List<String> kept() {
    return kept.stream().flatMap(k -> k.lines().stream()).toList();
  }

  /** What the daemon has to be told. */
  public List<String> settings(int port) {
    Path path = directory.path().toAbsolutePath().normalize();
    return List.of(
        "joblet.tls.address=0.0.0.0:" + port,
        "joblet.tls.certificate=" + path.resolve("server.pem"),
        "joblet.tls.key=" + path.resolve("server.key"),
        "joblet.tls.ca=" + path.resolve("ca.pem"),
        "joblet.tls.revoked=" + path.resolve(REVOKED));
  }

  /**
   * Revokes the certificates of clients; those that are revoked already stay so.
   *
   * @param clients by their names
   * @return the list, which the daemon reads
   */
  public Path revoke(List<String> clients) throws IOException {
    if (!directory.has("ca" + PEM) || !directory.has("ca" + KEY)) {
      throw new Unusable(
          directory.path() + " has no ca.pem and ca.key, and nothing can be signed without both");
    }
    Authority authority = authority();
    KeyDirectory ofClients = directory.below(CLIENTS);
    RevocationList list =
        directory.has(REVOKED)
            ? RevocationList.of(directory.read(REVOKED))
            : new RevocationList(Map.of());
    for (String client : clients) {
      if (!NewClient.isName(client) || !ofClients.has(client + PEM)) {
        throw new Unusable("there is no certificate of '" + client + "' in " + ofClients.path());
      }
      list = list.with(Credentials.certificate(ofClients.read(client + PEM)), now);
    }
    return directory.replace(REVOKED, list.pem(authority, now));
  }

  private Authority authority() throws IOException {
    if (isNew(directory, "ca")) {
      Authority made = Authority.make(now);
      write(directory, "ca", made.own());
      return made;
    }
    if (!directory.has("ca" + KEY) || !directory.has("ca" + PEM)) {
      throw new Unusable(
          directory.path()
              + " has only one of ca.pem and ca.key, and nothing can be signed without both");
    }
    kept.add(Kept.authority(directory, "ca"));
    return new Authority(Credentials.of(directory.read("ca" + PEM), directory.read("ca" + KEY)));
  }

  private static boolean isNew(KeyDirectory where, String name) {
    return !where.has(name + PEM) && !where.has(name + KEY);
  }

  /** The key first: a certificate alone would look whole. */
  private void write(KeyDirectory where, String name, Credentials made) throws IOException {
    written.add(where.writeSecret(name + KEY, made.keyPem()));
    written.add(where.write(name + PEM, made.certificatePem()));
  }
}
