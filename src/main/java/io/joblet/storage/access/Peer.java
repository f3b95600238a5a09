package io.joblet.storage.access;

import io.joblet.storage.problem.Problem;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Who is at the other end of a connection: found out once, asked for with each call.
 *
 * @param refusal why nobody is; null for an identity
 * @param certificate what the identity comes from, if it is one
 */
record Peer(
    Optional<Identity> known,
    Problem.Unauthenticated refusal,
    Optional<X509Certificate> certificate) {

  static Peer of(Identity identity) {
    return new Peer(Optional.of(identity), null, Optional.empty());
  }

  static Peer of(X509Certificate certificate, Supplier<Identity> identity) {
    try {
      return new Peer(Optional.of(identity.get()), null, Optional.of(certificate));
    } catch (Problem.Unauthenticated refusal) {
      return nobody(refusal);
    }
  }

  static Peer nobody(Problem.Unauthenticated refusal) {
    return new Peer(Optional.empty(), refusal, Optional.empty());
  }

  /**
   * A certificate may have expired or been revoked since the connection was made.
   *
   * @throws Problem.Unauthenticated if nobody is known there
   */
  Identity identity(Revocations revocations) {
    if (certificate.isPresent()) {
      try {
        certificate.get().checkValidity();
      } catch (CertificateException e) {
        throw new Problem.Unauthenticated("the client certificate has expired");
      }
      if (revocations.isRevoked(certificate.get())) {
        throw new Problem.Unauthenticated("the client certificate has been revoked");
      }
    }
    return known.orElseThrow(() -> new Problem.Unauthenticated(refusal.getMessage()));
  }
}
