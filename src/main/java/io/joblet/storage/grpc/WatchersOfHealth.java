package io.joblet.storage.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends the streams of gRPC's own services, health and reflection, when the daemon stops: their
 * methods would do so only when all requests have been waited for. Ours end by {@link Streaming}.
 */
@GlobalInterceptor
@ApplicationScoped
class WatchersOfHealth implements ServerInterceptor {
  private final Set<Open<?>> open = ConcurrentHashMap.newKeySet();

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    ServerCall.Listener<Q> listener = next.startCall(call, headers);
    if (call.getMethodDescriptor().getType().serverSendsOneMessage()
        || !AccessControl.isOfGrpcItself(call.getMethodDescriptor().getFullMethodName())) {
      return listener;
    }
    Open<Q> stream = new Open<>(call, listener, Vertx.currentContext());
    open.add(stream);
    return stream;
  }

  void stop(@Observes ShutdownDelayInitiatedEvent event) {
    open.forEach(stream -> stream.eventLoop.runOnContext(v -> stream.end()));
  }

  /** For the event loop of its call. */
  private final class Open<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final Context eventLoop;

    Open(ServerCall<Q, ?> call, ServerCall.Listener<Q> listener, Context eventLoop) {
      super(listener);
      this.call = call;
      this.eventLoop = eventLoop;
    }

    void end() {
      if (open.remove(this)) {
        // The method stops sending; what it sent afterwards would find the call closed.
        super.onCancel();
        call.close(Status.UNAVAILABLE.withDescription("the daemon is stopping"), new Metadata());
      }
    }

    @Override
    public void onCancel() {
      open.remove(this);
      super.onCancel();
    }

    @Override
    public void onComplete() {
      open.remove(this);
      super.onComplete();
    }
  }
}
