package io.joblet.storage.cli.daemon;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.joblet.storage.v1.JobOutput;
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
public final class Events implements AutoCloseable {
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private final Duration patience;
  private volatile ClientCallStreamObserver<?> call;
  private boolean begun;

  private sealed interface Arrival {}

  private record Message(JobOutput output) implements Arrival {}

  private record Failed(StatusRuntimeException failure) implements Arrival {}

  private record Completed() implements Arrival {}

  private Events(Duration patience) {
    this.patience = patience;
  }

  /**
   * Begins.
   *
   * @param patience longest wait for the first event
   */
  static Events of(Duration patience, Consumer<StreamObserver<JobOutput>> call) {
    Events events = new Events(patience);
    call.accept(events.new Receiver());
    return events;
  }

  /**
   * Waits for the next event; null after the last one.
   *
   * @throws StatusRuntimeException when the stream failed, after {@link #cancel} with CANCELLED, or
   *     with DEADLINE_EXCEEDED when not even the first event came in time
   */
  public JobOutput next() {
    return switch (take()) {
      case Message message -> {
        begun = true;
        call.request(1);
        yield message.output;
      }
      case Failed failed -> throw failed.failure;
      case Completed completed -> null;
    };
  }

  private Arrival take() {
    try {
      Arrival arrival =
          begun ? arrivals.take() : arrivals.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      return arrival != null ? arrival : new Failed(Status.DEADLINE_EXCEEDED.asRuntimeException());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new Failed(
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

  private final class Receiver implements ClientResponseObserver<Object, JobOutput> {
    @Override
    public void beforeStart(ClientCallStreamObserver<Object> started) {
      started.disableAutoRequestWithInitial(1);
      call = started;
    }

    @Override
    public void onNext(JobOutput output) {
      arrivals.add(new Message(output));
    }

    @Override
    public void onError(Throwable failure) {
      arrivals.add(
          new Failed(
              failure instanceof StatusRuntimeException status
                  ? status
                  : Status.fromThrowable(failure).asRuntimeException()));
    }

    @Override
    public void onCompleted() {
      arrivals.add(new Completed());
    }
  }
}
