package io.joblet.storage.cli.tls;

import io.joblet.storage.cli.daemon.Unusable;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509CRLEntryHolder;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Which certificates of an authority are good no more, and since when (RFC 5280, section 5).
 *
 * @param since by serial number
 */
public record RevocationList(Map<BigInteger, Instant> since) {
  /** RFC 5280 allows no reason 0; a key that others may have is the usual one. */
  private static final int KEY_COMPROMISE = 1;

  public RevocationList {
    since = new LinkedHashMap<>(since);
  }

  /** One that was written before. */
  public static RevocationList of(String pem) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      if (!(parser.readObject() instanceof X509CRLHolder list)) {
        throw new Unusable("not a list of revoked certificates in PEM");
      }
      Map<BigInteger, Instant> since = new LinkedHashMap<>();
      for (Object each : (Collection<?>) list.getRevokedCertificates()) {
        X509CRLEntryHolder entry = (X509CRLEntryHolder) each;
        since.put(entry.getSerialNumber(), entry.getRevocationDate().toInstant());
      }
      return new RevocationList(since);
    }
  }

  /** The same with one more, unless it is in it. */
  public RevocationList with(X509Certificate certificate, Instant now) {
    RevocationList more = new RevocationList(since);
    more.since.putIfAbsent(certificate.getSerialNumber(), now);
    return more;
  }

  /** Signed, in PEM. It is good for as long as a CA's own certificate is. */
  public String pem(Authority authority, Instant now) {
    Credentials ca = authority.own();
    JcaX509v2CRLBuilder builder =
        new JcaX509v2CRLBuilder(ca.certificate().getSubjectX500Principal(), Date.from(now));
    builder.setNextUpdate(Date.from(now.plus(Authority.LIFE)));
    since.forEach((serial, when) -> builder.addCRLEntry(serial, Date.from(when), KEY_COMPROMISE));
    try {
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils()
              .createAuthorityKeyIdentifier(ca.certificate().getPublicKey()));
      builder.addExtension(
          Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(now.toEpochMilli())));
      return Credentials.pem(
          builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(ca.key())));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("sign a list of revoked certificates: " + e.getMessage(), e);
    }
  }
}
