package io.joblet.storage.service;

import io.joblet.storage.cli.tls.Authority;
import io.joblet.storage.cli.tls.Credentials;
import io.restassured.RestAssured;
import io.restassured.config.RedirectConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    this.base =
        RestAssured.given()
            .baseUri(origin)
            .config(
                RestAssuredConfig.config()
                    .sslConfig(Https.as(authority, client))
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
}
