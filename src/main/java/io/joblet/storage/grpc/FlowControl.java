package io.joblet.storage.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets a method that streams keep to its caller's pace. Quarkus asks a stream for everything at
 * once, and whatever a slow caller has not taken would pile up in memory.
 */
@GlobalInterceptor
@ApplicationScoped
class FlowControl implements ServerInterceptor {
  private static final Context.Key<BooleanSupplier> READY = Context.key("joblet.ready");
  private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** A caller that has not read for long is looked at no more often than that. */
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(64);

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    return Contexts.interceptCall(withPace(Context.current(), call::isReady), call, headers, next);
  }

  /**
   * A context whose calls keep to that pace.
   *
   * @param ready whether the caller can take more; safe for use by any thread
   */
  static Context withPace(Context context, BooleanSupplier ready) {
    return context.withValue(READY, ready);
  }

  /** The current call's pace; asked for on the thread of its method. */
  static Pace ofCurrentCall() {
    io.vertx.core.Context eventLoop = Vertx.currentContext();
    return new Pace(command -> eventLoop.runOnContext(v -> command.run()), READY.get());
  }

  /**
   * Sends on the call's event loop. From any other thread a call that was found full could be
   * emptied before that is noted, and would then be taken for full for ever; and what is sent to a
   * caller that has just gone would end its whole connection.
   */
  record Pace(Executor eventLoop, BooleanSupplier ready) {
    /**
     * Sends, and waits until the caller can take more or is gone.
     *
     * @param gone asked again and again while there is something to wait for; what it throws ends
     *     the wait
     */
    void send(Runnable sending, BooleanSupplier gone) {
      CompletableFuture<Void> sent = new CompletableFuture<>();
      eventLoop.execute(() -> {
        try {
          sending.run();
        } finally {
          sent.complete(null);
        }
      });
      sent.join();
      long pause = SHORTEST_NANOS;
      while (!ready.getAsBoolean() && !gone.getAsBoolean()) {
        LockSupport.parkNanos(pause);
        pause = Math.min(2 * pause, LONGEST_NANOS);
      }
    }
  }
}
