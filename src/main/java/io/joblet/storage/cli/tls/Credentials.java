package io.joblet.storage.cli.tls;

import io.joblet.storage.cli.daemon.Unusable;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** A certificate and its private key. */
public record Credentials(X509Certificate certificate, PrivateKey key) {
  /** From PEM; the key is PKCS #8. */
  public static Credentials of(String certificatePem, String keyPem) throws IOException {
    if (read(keyPem) instanceof PrivateKeyInfo key) {
      return new Credentials(
          certificate(certificatePem), new JcaPEMKeyConverter().getPrivateKey(key));
    }
    throw new Unusable("not a PKCS #8 key in PEM");
  }

  /** A certificate alone, from PEM. */
  static X509Certificate certificate(String pem) throws IOException {
    if (read(pem) instanceof X509CertificateHolder holder) {
      try {
        return new JcaX509CertificateConverter().getCertificate(holder);
      } catch (CertificateException e) {
        throw new Unusable(e.getMessage(), e);
      }
    }
    throw new Unusable("not a certificate in PEM");
  }

  public String certificatePem() {
    return pem(certificate);
  }

  /** PKCS #8, not encrypted. */
  public String keyPem() {
    try {
      return pem(new JcaPKCS8Generator(key, null));
    } catch (IOException e) {
      throw new IllegalStateException("a key of ours can be written", e);
    }
  }

  private static Object read(String pem) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      return parser.readObject();
    }
  }

  static String pem(Object what) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(what);
    } catch (IOException e) {
      throw new IllegalStateException("a string takes whatever is written", e);
    }
    return text.toString();
  }
}
