package io.joblet.storage.console;

import io.vertx.core.MultiMap;

/** What a browser is told to refuse: all but this console's own script, style and pictures. */
final class Headers {
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private Headers() {}

  static void add(MultiMap headers) {
    headers
        .set("Content-Security-Policy", POLICY)
        .set("X-Content-Type-Options", "nosniff")
        // With no-referrer a browser says "Origin: null" of its own forms, and that is refused.
        .set("Referrer-Policy", "same-origin")
        .set("Cross-Origin-Opener-Policy", "same-origin")
        .set("Cross-Origin-Resource-Policy", "same-origin")
        .set("Cache-Control", "no-store");
  }
}
