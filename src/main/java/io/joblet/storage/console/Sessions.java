package io.joblet.storage.console;

import io.joblet.storage.access.Callers;
import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Serving;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who has logged in. The bearer token is in a cookie that scripts do not see, other sites do not
 * send, and the browser forgets when it ends; it is checked with every request, so one that is
 * revoked is of no use at once. Nothing is kept here. Without a cookie it is whoever the connection
 * says: a client certificate, or the Unix socket.
 */
@ApplicationScoped
class Sessions {
  /** By the prefix a browser takes it from TLS alone. */
  static final String COOKIE = "__Secure-joblet-console";

  private static final String ALGORITHM = "HmacSHA256";

  private final Callers callers;
  private final Serving serving;

  /** For forms of those who have no token; with the daemon it ends. */
  private final byte[] key = new byte[32];

  Sessions(Callers callers, Serving serving) {
    this.serving = serving;
    this.callers = callers;
    new SecureRandom().nextBytes(key);
  }

  /**
   * Who sent a request, and what its forms must carry.
   *
   * @param byToken whether by a cookie, which can be taken back
   */
  record Session(Identity identity, String formToken, boolean byToken) {
    boolean isOf(String sentToken) {
      return MessageDigest.isEqual(
          formToken.getBytes(StandardCharsets.UTF_8), sentToken.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Asks the database, so not on an event loop.
   *
   * @throws io.joblet.storage.problem.Problem.Unauthenticated if nobody is known
   * @throws io.joblet.storage.problem.Problem.InTheWay while the daemon does not serve everything
   */
  Session of(HttpServerRequest request) {
    serving.requireEverything();
    Cookie cookie = request.getCookie(COOKIE);
    if (cookie == null || cookie.getValue().isEmpty()) {
      Identity identity = callers.ofConnection(request);
      return new Session(identity, sign(key, identity.principal()), false);
    }
    String secret = cookie.getValue();
    Identity identity = callers.ofToken(request, secret);
    return new Session(identity, sign(secret.getBytes(StandardCharsets.UTF_8), "form"), true);
  }

  /**
   * The cookie for a token; as {@link #of}.
   *
   * @throws io.joblet.storage.problem.Problem.Unauthenticated if the token is no good
   */
  Cookie begin(HttpServerRequest request, String secret) {
    callers.ofToken(request, secret);
    return cookie(secret);
  }

  static Cookie end() {
    return cookie("").setMaxAge(0);
  }

  private static Cookie cookie(String value) {
    return Cookie.cookie(COOKIE, value)
        .setPath(ConsoleServer.ROOT)
        .setHttpOnly(true)
        .setSecure(true)
        .setSameSite(CookieSameSite.STRICT);
  }

  private static String sign(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(("joblet console " + text).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
