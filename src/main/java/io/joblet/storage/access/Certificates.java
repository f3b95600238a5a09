package io.joblet.storage.access;

import io.joblet.storage.config.OwnerName;
import io.joblet.storage.problem.Problem;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Reads who somebody is from the subject of a client certificate (RFC 4514): the owner is its
 * common name, the role its organizational unit; of several units the least counts.
 */
final class Certificates {
  private Certificates() {}

  /**
   * The identity that a verified certificate gives.
   *
   * @throws Problem.Unauthenticated if its subject names no owner
   */
  static Identity identity(X509Certificate certificate, String source) {
    List<String> names = values(certificate, "CN");
    if (names.size() != 1) {
      throw new Problem.Unauthenticated(
          "the client certificate must have one common name (CN), which is the owner; it has "
              + names.size());
    }
    String owner = owner(names.getFirst());
    Role role =
        values(certificate, "OU").stream()
            .map(Role::of)
            .min(Comparator.naturalOrder())
            .orElse(Role.UNKNOWN);
    return new Identity("cn:" + owner, owner, role, source);
  }

  private static String owner(String name) {
    try {
      return new OwnerName(name).text();
    } catch (IllegalArgumentException e) {
      throw new Problem.Unauthenticated(
          "the common name (CN) of the client certificate is no owner's name: it "
              + e.getMessage());
    }
  }

  private static List<String> values(X509Certificate certificate, String type) {
    List<String> values = new ArrayList<>();
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        Attribute attribute = part.toAttributes().get(type);
        if (attribute != null) {
          addAll(values, attribute);
        }
      }
      return values;
    } catch (NamingException e) {
      throw new Problem.Unauthenticated("the subject of the client certificate cannot be read");
    }
  }

  private static void addAll(List<String> values, Attribute attribute) throws NamingException {
    NamingEnumeration<?> all = attribute.getAll();
    while (all.hasMore()) {
      if (!(all.next() instanceof String text)) {
        throw new InvalidNameException("no text");
      }
      values.add(text);
    }
  }
}
