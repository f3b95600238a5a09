package io.joblet.storage.grpc;

import io.grpc.Status;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Says why a message of more bytes than are taken is refused. Vert.x answers it before any
 * interceptor of gRPC, with a status and no word; no status of ours goes without one.
 */
@ApplicationScoped
class TooLargeRequests {
  private static final int FIRST = 900;
  private static final String STATUS = "grpc-status";
  private static final String MESSAGE = "grpc-message";
  private static final String REFUSED = Integer.toString(Status.Code.RESOURCE_EXHAUSTED.value());

  private final String why;

  TooLargeRequests(
      @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size") int mostBytes) {
    this.why = "the request must be at most " + mostBytes + " bytes";
  }

  void register(@Observes Filters filters) {
    filters.register(this::watch, FIRST);
  }

  private void watch(RoutingContext context) {
    String type = context.request().getHeader("content-type");
    if (type != null && type.startsWith("application/grpc")) {
      context.addHeadersEndHandler(done -> explain(context.response().headers()));
    }
    context.next();
  }

  private void explain(MultiMap headers) {
    if (REFUSED.equals(headers.get(STATUS)) && !headers.contains(MESSAGE)) {
      headers.set(MESSAGE, why);
    }
  }
}
