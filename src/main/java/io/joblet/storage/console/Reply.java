package io.joblet.storage.console;

import io.quarkus.qute.TemplateInstance;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * What is answered.
 *
 * @param type of the body
 * @param location where to go on; then there is no page
 * @param cookie to be kept or forgotten
 */
record Reply(int status, String type, String body, String location, Optional<Cookie> cookie) {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String PLAIN = "text/plain; charset=utf-8";

  static Reply page(TemplateInstance page) {
    return page(200, page);
  }

  static Reply page(int status, TemplateInstance page) {
    return new Reply(status, HTML, page.render(), "", Optional.empty());
  }

  /** Text as it is, which no browser takes for anything else. */
  static Reply text(String text) {
    return new Reply(200, PLAIN, text, "", Optional.empty());
  }

  /** By GET, whatever the request was. */
  static Reply goTo(String path) {
    return new Reply(303, HTML, "", ConsoleServer.ROOT + path, Optional.empty());
  }

  Reply with(Cookie kept) {
    return new Reply(status, type, body, location, Optional.of(kept));
  }

  /** On the event loop of the request. */
  void send(RoutingContext http) {
    HttpServerResponse response = http.response();
    if (response.ended() || response.closed()) {
      return;
    }
    cookie.ifPresent(response::addCookie);
    if (location.isEmpty()) {
      response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type).end(body);
    } else if (http.request().getHeader("HX-Request") != null) {
      // The script would follow a redirect by itself and put that page into a part of this one.
      response.setStatusCode(204).putHeader("HX-Redirect", location).end();
    } else {
      response.setStatusCode(status).putHeader(HttpHeaders.LOCATION, location).end();
    }
  }
}
