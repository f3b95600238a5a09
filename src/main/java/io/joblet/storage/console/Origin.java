package io.joblet.storage.console;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;

/** Whether a request that changes something was sent by a page of this console. */
final class Origin {
  private Origin() {}

  /**
   * By what a browser says and no script can change: {@code Sec-Fetch-Site}, and {@code Origin}
   * against the host that was asked. A browser that says neither is refused.
   */
  static boolean isOurs(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    String origin = request.getHeader("Origin");
    if (site != null && !site.equals("same-origin")) {
      return false;
    }
    return origin == null ? site != null : origin.equals(own(request));
  }

  private static String own(HttpServerRequest request) {
    HostAndPort asked = request.authority();
    if (asked == null) {
      return "";
    }
    int usual = request.isSSL() ? 443 : 80;
    String port = asked.port() < 0 || asked.port() == usual ? "" : ":" + asked.port();
    return (request.isSSL() ? "https" : "http") + "://" + asked.host() + port;
  }
}
