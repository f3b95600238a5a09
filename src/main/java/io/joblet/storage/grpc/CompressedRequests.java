package io.joblet.storage.grpc;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * A message that says it is compressed, in a call that names no way to, is its client's fault.
 * Vert.x has nothing for that but an exception that nobody catches, before any interceptor; anybody
 * could fill the log with it. The call stays without an answer until its client gives it up.
 */
@ApplicationScoped
class CompressedRequests {
  private static final Logger LOG = Logger.getLogger(CompressedRequests.class);

  /** Of Vert.x' GrpcReadStreamBase, as it is thrown. */
  private static final String NOT_HANDLED = "Handle me";

  void watch(@Observes StartupEvent started, Vertx vertx) {
    Handler<Throwable> others = vertx.exceptionHandler();
    vertx.exceptionHandler(failure -> {
      if (failure instanceof UnsupportedOperationException
          && NOT_HANDLED.equals(failure.getMessage())) {
        LOG.debug("a message is compressed in a call that names no compression");
      } else if (others != null) {
        others.handle(failure);
      } else {
        LOG.error("nobody has caught this", failure);
      }
    });
  }
}
