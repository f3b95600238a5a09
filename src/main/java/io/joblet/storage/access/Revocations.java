package io.joblet.storage.access;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.problem.Problem;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jboss.logging.Logger;

/**
 * Which client certificates are good no more: those in the CRL (RFC 5280) of {@code
 * joblet.tls.revoked}, which is looked at once a second. What cannot be read, or is not signed by
 * the CA, is logged and leaves the list as it was. Safe for use by many threads.
 */
@ApplicationScoped
class Revocations {
  private static final Logger LOG = Logger.getLogger(Revocations.class);

  private final Optional<Path> file;
  private final Optional<Path> authority;
  private volatile Set<Revoked> revoked = Set.of();
  private volatile String seen = "";

  Revocations(StorageConfig config) {
    this.file = config.tls().revoked().map(Path::of);
    this.authority = config.tls().ca().map(Path::of);
  }

  private record Revoked(X500Principal issuer, BigInteger serial) {}

  /** Whether that one is; it counts from the next call of a connection that is open already. */
  boolean isRevoked(X509Certificate certificate) {
    return revoked.contains(
        new Revoked(certificate.getIssuerX500Principal(), certificate.getSerialNumber()));
  }

  /** Keeps the daemon from starting with a list that is none. */
  void begin(@Observes StartupEvent event) {
    if (file.isEmpty()) {
      return;
    }
    try {
      seen = state(file.get());
      revoked = read(file.get());
    } catch (IOException | GeneralSecurityException e) {
      throw new Problem.Invalid("joblet.tls.revoked", explain(e));
    }
  }

  @Scheduled(identity = "revocations", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    if (file.isEmpty()) {
      return;
    }
    String now = state(file.get());
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      revoked = read(file.get());
      LOG.infof("%d certificates are revoked by %s", revoked.size(), file.get());
    } catch (IOException | GeneralSecurityException e) {
      LOG.errorf(
          "joblet.tls.revoked: %s; the %d certificates of before stay revoked",
          explain(e), revoked.size());
    }
  }

  private String explain(Exception e) {
    return file.get() + " holds no list of revoked certificates of joblet.tls.ca: " + e;
  }

  /** Differs when the file does, also when another one took its place. */
  private static String state(Path file) {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return is.fileKey() + " " + is.size() + " " + is.lastModifiedTime();
    } catch (IOException e) {
      return "none";
    }
  }

  private Set<Revoked> read(Path list) throws IOException, GeneralSecurityException {
    CertificateFactory x509 = CertificateFactory.getInstance("X.509");
    Collection<? extends Certificate> authorities;
    try (InputStream in = Files.newInputStream(authority.orElseThrow())) {
      authorities = x509.generateCertificates(in);
    }
    Collection<? extends CRL> lists =
        x509.generateCRLs(new ByteArrayInputStream(Files.readAllBytes(list)));
    if (lists.isEmpty()) {
      throw new SignatureException("there is none in it");
    }
    Set<Revoked> found = new HashSet<>();
    for (CRL one : lists) {
      X509CRL signed = (X509CRL) one;
      verify(signed, authorities);
      Set<? extends X509CRLEntry> entries =
          Objects.requireNonNullElse(signed.getRevokedCertificates(), Set.of());
      entries.forEach(entry ->
          found.add(new Revoked(signed.getIssuerX500Principal(), entry.getSerialNumber())));
    }
    return Set.copyOf(found);
  }

  private static void verify(X509CRL list, Collection<? extends Certificate> authorities)
      throws GeneralSecurityException {
    List<X509Certificate> issuers =
        authorities.stream()
            .map(X509Certificate.class::cast)
            .filter(ca -> ca.getSubjectX500Principal().equals(list.getIssuerX500Principal()))
            .toList();
    if (issuers.isEmpty()) {
      throw new SignatureException("it is signed by " + list.getIssuerX500Principal());
    }
    SignatureException wrong = null;
    for (X509Certificate issuer : issuers) {
      try {
        list.verify(issuer.getPublicKey());
        return;
      } catch (SignatureException e) {
        wrong = e;
      }
    }
    throw wrong;
  }
}
