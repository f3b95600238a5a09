package io.joblet.storage.service;

import io.joblet.storage.cli.tls.Authority;
import io.joblet.storage.cli.tls.Credentials;
import io.restassured.RestAssured;
import io.restassured.config.RedirectConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.config.SSLConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
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
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.http.conn.ssl.AllowAllHostnameVerifier;
import org.apache.http.conn.ssl.SSLSocketFactory;

/** Somebody at the console, without a browser: what is sent, exactly, and what comes back. */
final class Browsing {
  private static final String COOKIE = "__Secure-joblet-console";
  private static final Pattern FORM_TOKEN =
      Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  private final RequestSpecification base;
  private final String origin;
  private String cookie = "";
  private String formToken = "";

  /**
   * One with a client certificate, or none.
   *
   * @param client null for none
   */
  Browsing(int port, Authority authority, Credentials client)
      throws GeneralSecurityException, IOException {
    this.origin = "https://127.0.0.1:" + port;
    KeyStore trusted = store();
    trusted.setCertificateEntry("ca", certificate(authority.own().certificatePem()));
    KeyStore keys = null;
    if (client != null) {
      keys = store();
      keys.setKeyEntry(
          "client",
          key(client.keyPem()),
          new char[0],
          new Certificate[] {certificate(client.certificatePem())});
    }
    SSLSocketFactory sockets =
        new SSLSocketFactory(
            // The server's name is joblet, by which no address of this machine is known.
            "TLSv1.3", keys, "", trusted, null, null, new AllowAllHostnameVerifier());
    this.base =
        RestAssured.given()
            .baseUri(origin)
            .config(
                RestAssuredConfig.config()
                    .sslConfig(SSLConfig.sslConfig().sslSocketFactory(sockets))
                    .redirect(RedirectConfig.redirectConfig().followRedirects(false)));
  }

  String origin() {
    return origin;
  }

  Response get(String path) {
    Response answer = request().urlEncodingEnabled(false).get("/console" + path);
    Matcher token = FORM_TOKEN.matcher(answer.asString());
    if (token.find()) {
      formToken = token.group(1);
    }
    return answer;
  }

  Response logIn(String secret) {
    Response answer =
        request().header("Origin", origin).formParam("token", secret).post("/console/login");
    keep(answer);
    return answer;
  }

  /** As the form of a page that was loaded before would send it. */
  Response post(String path, Map<String, String> fields) {
    Map<String, String> all = new HashMap<>(fields);
    all.putIfAbsent("form_token", formToken);
    Response answer = send(path, all, Map.of("Origin", origin, "Sec-Fetch-Site", "same-origin"));
    keep(answer);
    return answer;
  }

  Response send(String path, Map<String, String> fields, Map<String, String> headers) {
    return request().headers(headers).formParams(fields).post("/console" + path);
  }

  String formToken() {
    return formToken;
  }

  private void keep(Response answer) {
    if (answer.getCookie(COOKIE) != null) {
      cookie = answer.getCookie(COOKIE);
    }
  }

  private RequestSpecification request() {
    RequestSpecification request = RestAssured.given(base);
    return cookie.isEmpty() ? request : request.header("Cookie", COOKIE + "=" + cookie);
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
