package io.joblet.storage.rest;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;

/**
 * Ends, on every path, a request whose client has gone away: nobody is left to answer, and nothing
 * has failed here. Before all others: an answer to such a request fails as well, and would come
 * back as one more failure to answer.
 */
@ApplicationScoped
class HangUps {
  /** How Netty refuses to write to a stream of HTTP/2 that its client has reset. */
  private static final String NO_STREAM = "Stream no longer exists";

  /** Before the failure handlers of all others. */
  void register(@Observes Router router) {
    router.route().order(Integer.MIN_VALUE).failureHandler(HangUps::handle);
  }

  private static void handle(RoutingContext http) {
    if (!isOne(http.failure())) {
      http.next();
    }
  }

  /**
   * The daemon asks nobody by HTTP, so these are always about who asks it. Of the many that are an
   * IOException (reset, closed, TLS that was shut) none is another's: ours do not leave the code
   * that reads and writes.
   */
  private static boolean isOne(Throwable failure) {
    return failure instanceof IOException
        || failure instanceof HttpClosedException
        || failure instanceof StreamResetException
        || (failure instanceof Http2Exception e && e.error() == Http2Error.STREAM_CLOSED)
        || (failure instanceof IllegalArgumentException
            && failure.getMessage() != null
            && failure.getMessage().startsWith(NO_STREAM));
  }
}
