package io.joblet.storage.cli.daemon;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The events of a stream, one at a time. The daemon is asked for one more each time that one was
 * taken, so that a reader slower than the job holds up the job and fills no memory: at most one
 * message waits here, and 64 KiB in the transport. {@link #next} is for one thread, {@link #cancel}
 * for any.
 */
public final class Events<M> implements AutoCloseable {
  private final BlockingQueue<Arrival<M>> arrivals = new LinkedBlockingQueue<>();
  private final Duration patience;
  private volatile ClientCallStreamObserver<?> call;
  private boolean begun;

  private sealed interface Arrival<M> {}

  private record Message<M>(M message) implements Arrival<M> {}

  private record Failed<M>(StatusRuntimeException failure) implements Arrival<M> {}

  private record Completed<M>() implements Arrival<M> {}

  private Events(Duration patience) {
    this.patience = patience;
  }

  /**
   * Begins.
   *
   * @param patience longest wait for the first event
   */
  static <M> Events<M> of(Duration patience, Consumer<StreamObserver<M>> call) {
    Events<M> events = new Events<>(patience);
    call.accept(events.new Receiver());
    return events;
  }

  /**
   * Waits for the next event; null after the last one.
   *
   * @throws StatusRuntimeException when the stream failed, after {@link #cancel} with CANCELLED, or
   *     with DEADLINE_EXCEEDED when not even the first event came in time
   */
  public M next() {
    return switch (take()) {
      case Message<M>(M message) -> {
        begun = true;
        call.request(1);
        yield message;
      }
      case Failed<M>(StatusRuntimeException failure) -> throw failure;
      case Completed<M>() -> null;
    };
  }

  private Arrival<M> take() {
    try {
      Arrival<M> arrival =
          begun ? arrivals.take() : arrivals.poll(Patience.nanos(patience), TimeUnit.NANOSECONDS);
      return arrival != null
          ? arrival
          : new Failed<>(Status.DEADLINE_EXCEEDED.asRuntimeException());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Failed<>(
          Status.CANCELLED
              .withCause(interrupted)
              .withDescription("interrupted")
              .asRuntimeException());
    }
  }

  /** Ends the stream on this side; what the daemon does for it goes on. */
  public void cancel() {
    call.cancel("no longer wanted", null);
  }

  @Override
  public void close() {
    cancel();
  }

  private final class Receiver implements ClientResponseObserver<Object, M> {
    @Override
    public void beforeStart(ClientCallStreamObserver<Object> started) {
      started.disableAutoRequestWithInitial(1);
      call = started;
    }

    @Override
    public void onNext(M message) {
      arrivals.add(new Message<>(message));
    }

    @Override
    public void onError(Throwable failure) {
      arrivals.add(
          new Failed<>(
              failure instanceof StatusRuntimeException status
                  ? status
                  : Status.fromThrowable(failure).asRuntimeException()));
    }

    @Override
    public void onCompleted() {
      arrivals.add(new Completed<>());
    }
  }
}
