package io.joblet.storage.cli.daemon;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The keys of a node, as PEM texts, for the JDK's TLS. */
final class ClientKeys {
  private static final Pattern PKCS_8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final List<String> KINDS = List.of("EC", "RSA", "EdDSA");

  /** Never leaves this process. */
  private static final char[] NO_PASSWORD = {};

  private ClientKeys() {}

  static SSLContext context(NodeFile.Node node) throws GeneralSecurityException, IOException {
    KeyStore own = empty();
    own.setKeyEntry(
        "own", key(node.key()), NO_PASSWORD, certificates(node.cert()).toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, NO_PASSWORD);
    KeyStore trusted = empty();
    for (Certificate ca : certificates(node.ca())) {
      trusted.setCertificateEntry("ca" + trusted.size(), ca);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String pem)
      throws GeneralSecurityException {
    InputStream bytes = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
    List<Certificate> found =
        new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(bytes));
    if (found.isEmpty()) {
      throw new GeneralSecurityException("there is no certificate");
    }
    return found;
  }

  private static PrivateKey key(String pem) throws GeneralSecurityException {
    Matcher form = PKCS_8.matcher(pem);
    if (!form.find()) {
      throw new GeneralSecurityException("the key is not PKCS #8 in PEM");
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(form.group(1)));
    InvalidKeySpecException refusal = null;
    for (String kind : KINDS) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(encoded);
      } catch (InvalidKeySpecException anotherKind) {
        refusal = anotherKind;
      }
    }
    throw new GeneralSecurityException("the key is none of " + KINDS, refusal);
  }
}
