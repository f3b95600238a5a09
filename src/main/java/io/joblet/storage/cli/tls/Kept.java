package io.joblet.storage.cli.tls;

import io.joblet.storage.cli.daemon.Unusable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * A certificate that was there already and stays as it is.
 *
 * @param lines for people: which, how it differs from what was asked for, and how to make another
 */
record Kept(List<String> lines) {
  /** What the daemon's certificate is for, whatever hosts are named. */
  static final List<String> ALWAYS = List.of("joblet", "localhost");

  private static final String PEM = ".pem";

  /** The CA's, of which nothing can be asked. */
  static Kept authority(KeyDirectory where, String name) {
    return new Kept(List.of(there(where, name)));
  }

  /** The daemon's, which has to be for these hosts. */
  static Kept server(KeyDirectory where, String name, List<String> hosts) throws IOException {
    List<String> lines = new ArrayList<>(List.of(there(where, name)));
    List<String> names = where.has(name + PEM) ? names(certificate(where, name)) : hosts;
    List<String> has = names.stream().map(HostName::canonical).toList();
    List<String> missing =
        hosts.stream().filter(h -> !has.contains(HostName.canonical(h))).toList();
    if (!missing.isEmpty()) {
      lines.add(
          "  kept as it is: it is for "
              + String.join(", ", names)
              + " and not for "
              + String.join(", ", missing));
      lines.add(
          "  to make another: remove "
              + name
              + ".pem and "
              + name
              + ".key, call this again with every --host, and restart the daemon");
    }
    return new Kept(List.copyOf(lines));
  }

  /**
   * A client's, which has to have this role.
   *
   * @param address that its file has to have; null if none was asked for
   */
  static Kept client(KeyDirectory where, NewClient client, String address) throws IOException {
    List<String> lines = new ArrayList<>(List.of(there(where, client.name())));
    if (where.has(client.name() + PEM)) {
      String roles = roles(certificate(where, client.name()));
      if (!roles.equalsIgnoreCase(client.role())) {
        lines.add("  kept as it is: its role is " + roles + " and not " + client.role());
        lines.add(
            "  to make another: 'rnx admin revoke --directory="
                + where.path().getParent()
                + " --client="
                + client.name()
                + "', remove "
                + where.path().resolve(client.name())
                + ".*, and call this again");
      }
    }
    String file = client.name() + ".yml";
    if (address != null
        && where.has(file)
        && where.read(file).lines().noneMatch(ClientFile.line(address)::equals)) {
      lines.add(
          "  kept as it is: "
              + where.path().resolve(file)
              + " names another address than "
              + address
              + "; change it there");
    }
    return new Kept(List.copyOf(lines));
  }

  /** The first host that the daemon's certificate was made for; this one if there is none. */
  static String host(KeyDirectory where, String name) throws IOException {
    List<String> names = where.has(name + PEM) ? names(certificate(where, name)) : List.of();
    return names.stream().filter(n -> !ALWAYS.contains(n)).findFirst().orElse("localhost");
  }

  private static String there(KeyDirectory where, String name) {
    return "there already: " + where.path().resolve(name + PEM);
  }

  private static X509Certificate certificate(KeyDirectory where, String name) throws IOException {
    Path file = where.path().resolve(name + PEM);
    try {
      return Credentials.certificate(where.read(name + PEM));
    } catch (Unusable e) {
      throw new Unusable(file + ": " + e.getMessage(), e);
    }
  }

  private static List<String> names(X509Certificate certificate) throws IOException {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names.stream().map(n -> n.get(1).toString()).toList();
    } catch (CertificateParsingException e) {
      throw new Unusable("its names cannot be read: " + e.getMessage(), e);
    }
  }

  private static String roles(X509Certificate certificate) {
    X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    Stream<String> units =
        Arrays.stream(subject.getRDNs(BCStyle.OU))
            .map(rdn -> IETFUtils.valueToString(rdn.getFirst().getValue()));
    return String.join(" and ", units.toList());
  }
}
