package io.joblet.storage.access;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;

/**
 * Which page sent a request, by what a browser says and no script can change: {@code
 * Sec-Fetch-Site}, and {@code Origin} against the host that was asked (Fetch Metadata; RFC 6454). A
 * browser sends a client certificate along whoever wrote the form.
 */
public final class Origin {
  private static final String SITE = "Sec-Fetch-Site";
  private static final String ORIGIN = "Origin";

  private Origin() {}

  /** Whether a page of ours sent it; a browser that says nothing is not believed. */
  public static boolean isOurs(HttpServerRequest request) {
    return !isForeign(request)
        && (request.getHeader(ORIGIN) != null || request.getHeader(SITE) != null);
  }

  /** Whether a page of somebody else sent it; what is no browser says nothing of the kind. */
  public static boolean isForeign(HttpServerRequest request) {
    String site = request.getHeader(SITE);
    String origin = request.getHeader(ORIGIN);
    return (site != null && !site.equals("same-origin"))
        || (origin != null && !origin.equals(own(request)));
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
