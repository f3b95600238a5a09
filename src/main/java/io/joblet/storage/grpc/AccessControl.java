package io.joblet.storage.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.access.Admission;
import io.joblet.storage.access.Callers;
import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Permission;
import io.quarkus.grpc.GlobalInterceptor;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * Refuses what a caller's role does not allow, before anything of the request is read, and tells
 * the methods who calls. Health and reflection are below it too.
 *
 * <p>The outermost interceptor: only there is the request that Quarkus's route had at hand (its
 * GrpcServerRecorder keeps it in the Vert.x context for as long as the call is being started).
 */
@GlobalInterceptor
@ApplicationScoped
class AccessControl implements ServerInterceptor, Prioritized {
  private static final Logger LOG = Logger.getLogger(AccessControl.class);
  private static final Context.Key<Identity> IDENTITY = Context.key("joblet.identity");
  private static final Context.Key<Runnable> KNOWN = Context.key("joblet.known");
  private static final String REQUEST = RoutingContext.class.getName();

  private final Callers callers;
  private final Admission admission;

  AccessControl(Callers callers, Admission admission) {
    this.callers = callers;
    this.admission = admission;
  }

  /**
   * The current context, in which calls are made by somebody.
   *
   * @param known throws when the caller is known no longer; safe for use by any thread that may
   *     wait
   */
  static Context as(Identity identity, Runnable known) {
    return Context.current().withValues(IDENTITY, identity, KNOWN, known);
  }

  /** Throws when whoever makes the current call is known no longer; as {@link #identity}. */
  static Runnable known() {
    return Objects.requireNonNull(KNOWN.get(), "a call that nobody checked");
  }

  /** Who makes the current call; asked for on the thread of its method. */
  static Identity identity() {
    return Objects.requireNonNull(IDENTITY.get(), "a call that nobody checked");
  }

  @Override
  public int getPriority() {
    return Integer.MAX_VALUE;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Identity identity;
    HttpServerRequest request;
    try {
      RoutingContext route = Vertx.currentContext().getLocal(REQUEST);
      request = route.request();
      identity = callers.ofConnection(request);
      admit(identity, call.getMethodDescriptor().getFullMethodName());
    } catch (RuntimeException e) {
      return refused(call, ProblemStatus.of(e, ""));
    }
    return Contexts.interceptCall(
        as(identity, () -> callers.ofConnection(request)), call, headers, next);
  }

  /**
   * Closed only when the server has been given a listener, which it tells of the end. By then it
   * may have ended the call itself, because of a message that is too large.
   */
  private static <Q> ServerCall.Listener<Q> refused(
      ServerCall<Q, ?> call, StatusRuntimeException refusal) {
    Metadata trailers = refusal.getTrailers();
    Vertx.currentContext()
        .runOnContext(v -> {
          try {
            call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
          } catch (IllegalStateException closedBefore) {
            LOG.debugf("a call that had ended was refused: %s", refusal.getStatus());
          }
        });
    return new ServerCall.Listener<>() {};
  }

  /** Whether a method, by its full name, is of health or reflection. */
  static boolean isOfGrpcItself(String method) {
    return method.startsWith("grpc.");
  }

  private void admit(Identity identity, String method) {
    if (isOfGrpcItself(method)) {
      identity.require(Permission.GET_HEALTH);
    } else {
      admission.admit(identity, method.substring(method.indexOf('/') + 1));
    }
  }
}
