package io.joblet.storage.access;

import io.joblet.storage.problem.Problem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Lets only those who may to what Quarkus serves below {@code /q}: health and metrics. */
@ApplicationScoped
class OperatorPaths {
  private static final int FIRST = 1000;
  private static final String OURS = "/q";
  private static final String HEALTH = "/q/health";

  private final Callers callers;

  OperatorPaths(Callers callers) {
    this.callers = callers;
  }

  void register(@Observes Filters filters) {
    filters.register(this::guard, FIRST);
  }

  private void guard(RoutingContext context) {
    String path = context.normalizedPath();
    if (!path.equals(OURS) && !path.startsWith(OURS + "/")) {
      context.next();
      return;
    }
    Permission needed =
        path.equals(HEALTH) || path.startsWith(HEALTH + "/")
            ? Permission.GET_HEALTH
            : Permission.GET_METRICS;
    context
        .vertx()
        .executeBlocking(
            () -> {
              callers.of(context.request()).require(needed);
              return true;
            },
            false)
        .onSuccess(may -> context.next())
        .onFailure(failure -> refuse(context, failure));
  }

  private static void refuse(RoutingContext context, Throwable failure) {
    switch (failure) {
      case Problem.Unauthenticated e -> refuse(context, 401, e);
      case Problem.Denied e -> refuse(context, 403, e);
      default -> context.fail(failure);
    }
  }

  private static void refuse(RoutingContext context, int status, Problem problem) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "text/plain; charset=utf-8")
        .end(problem.getMessage() + "\n");
  }
}
