package io.joblet.storage.service;

import io.joblet.storage.cli.tls.Authority;
import io.joblet.storage.cli.tls.Credentials;
import io.restassured.config.SSLConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.http.conn.ssl.AllowAllHostnameVerifier;
import org.apache.http.conn.ssl.SSLSocketFactory;

/** TLS 1.3 as somebody, for REST Assured. */
final class Https {
  private Https() {}

  /**
   * Trusts the authority alone.
   *
   * @param client null for no certificate
   */
  static SSLConfig as(Authority authority, Credentials client)
      throws GeneralSecurityException, IOException {
    // The server's name is joblet, by which no address of this machine is known.
    SSLSocketFactory sockets =
        new SSLSocketFactory(context(authority, client), new AllowAllHostnameVerifier());
    return SSLConfig.sslConfig().sslSocketFactory(sockets);
  }

  /** The same, for sockets. */
  static SSLContext context(Authority authority, Credentials client)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = store();
    trusted.setCertificateEntry("ca", certificate(authority.own().certificatePem()));
    KeyStore keys = store();
    if (client != null) {
      keys.setKeyEntry(
          "client",
          key(client.keyPem()),
          new char[0],
          new Certificate[] {certificate(client.certificatePem())});
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, new char[0]);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore store() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Certificate certificate(String pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private static PrivateKey key(String pem) throws GeneralSecurityException {
    String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
    return KeyFactory.getInstance("EC").generatePrivate(spec);
  }
}
