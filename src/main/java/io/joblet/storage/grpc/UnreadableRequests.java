package io.joblet.storage.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.problem.Problem;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Refuses a call whose message is none of its method's. Vert.x passes over what it cannot decode,
 * so that such a call ends without a request, and gRPC would take that for a fault of the server.
 */
@GlobalInterceptor
@ApplicationScoped
class UnreadableRequests implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    ServerCall.Listener<Q> listener = next.startCall(call, headers);
    return call.getMethodDescriptor().getType().clientSendsOneMessage()
        ? new OneMessage<>(call, listener)
        : listener;
  }

  /** For the event loop of its call. */
  private static final class OneMessage<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private boolean read;

    OneMessage(ServerCall<Q, ?> call, ServerCall.Listener<Q> listener) {
      super(listener);
      this.call = call;
    }

    @Override
    public void onMessage(Q message) {
      read = true;
      super.onMessage(message);
    }

    @Override
    public void onHalfClose() {
      if (read) {
        super.onHalfClose();
        return;
      }
      StatusRuntimeException refusal =
          ProblemStatus.of(new Problem.Invalid("message", "cannot be read"), "");
      call.close(refusal.getStatus(), refusal.getTrailers());
    }
  }
}
