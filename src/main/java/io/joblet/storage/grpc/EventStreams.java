package io.joblet.storage.grpc;

import io.joblet.storage.event.EventFeed;
import io.joblet.storage.event.VolumeEvent;
import io.joblet.storage.grpc.FlowControl.Pace;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.WatchVolumesResponse;
import io.quarkus.virtual.threads.VirtualThreads;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sends events for as long as the caller reads, at the caller's pace, on a virtual thread for each
 * stream. One who does not read holds up nobody: what it has not taken stays in the database.
 */
@ApplicationScoped
class EventStreams {
  /** How soon a caller that has gone is noticed. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final int MOST_LAST = 1000;

  /** After so long without an event the position is told, which also shows that both are there. */
  private static final long HEARTBEAT_NANOS = Duration.ofSeconds(15).toNanos();

  private final ExecutorService threads;
  private final EventFeed feed;
  private final Streaming streaming;

  EventStreams(@VirtualThreads ExecutorService threads, EventFeed feed, Streaming streaming) {
    this.streaming = streaming;
    this.threads = threads;
    this.feed = feed;
  }

  /** What a caller wants to be told. */
  record Wish(Optional<String> owner, Optional<UUID> volume, Start start) {}

  /** Where a caller wants to begin. */
  sealed interface Start {
    /** Behind a position. */
    record After(long position) implements Start {}

    /** With so many of the last events. */
    record Last(int events) implements Start {}

    /** With what happens from now on. */
    record Now() implements Start {}

    static Start of(Checks checks, WatchVolumesRequest request) {
      checks.require(request.getAfterPosition() >= 0, "after_position", "must not be negative");
      int last = request.getLastEvents();
      checks.require(
          !request.hasLastEvents() || (last >= 1 && last <= MOST_LAST),
          "last_events",
          "must be from 1 to " + MOST_LAST);
      // A browser that comes back says its position, and still asks for the last ones too.
      if (request.hasAfterPosition()) {
        return new After(request.getAfterPosition());
      }
      return request.hasLastEvents() ? new Last(last) : new Now();
    }
  }

  /** What goes wrong in {@code wish} is the answer. */
  Multi<WatchVolumesResponse> stream(Function<Caller, Wish> wish) {
    Pace pace = FlowControl.ofCurrentCall();
    Streaming.Leave leave = streaming.ofCurrentCall();
    Caller caller = new Caller(AccessControl.identity(), Optional.empty());
    return Multi.createFrom()
        .emitter(
            emitter -> threads.execute(() -> send(() -> wish.apply(caller), pace, leave, emitter)),
            BackPressureStrategy.BUFFER);
  }

  private void send(
      Supplier<Wish> wanted,
      Pace pace,
      Streaming.Leave leave,
      MultiEmitter<? super WatchVolumesResponse> to) {
    try {
      Wish wish = wanted.get();
      // What happened before the call is told before the first word of having caught up.
      long last = feed.last();
      long position =
          switch (wish.start()) {
            case Start.After(long behind) -> given(behind, last);
            case Start.Last(int events) -> feed.beforeLast(events, wish.owner(), wish.volume());
            case Start.Now() -> last;
          };
      boolean told = false;
      long lastTold = System.nanoTime();
      while (!to.isCancelled()) {
        leave.check();
        EventFeed.Batch batch = feed.after(position, wish.owner(), wish.volume());
        boolean news = !batch.events().isEmpty();
        position = batch.position();
        if (news || !told || System.nanoTime() - lastTold > HEARTBEAT_NANOS) {
          pace.send(() -> emit(batch, to), () -> to.isCancelled() || leave.isOver());
          told |= !news;
          lastTold = System.nanoTime();
        } else {
          feed.await(position, LOOK);
        }
      }
    } catch (RuntimeException e) {
      pace.send(() -> to.fail(ProblemStatus.of(e, "")), () -> true);
    }
  }

  /** One that was never told would be waited for in silence, and events before it passed over. */
  private static long given(long position, long last) {
    if (position > last) {
      throw new Problem.OutOfRange(
          Problem.OutOfRange.When.NOT_YET,
          "after_position",
          "is no position so far: the last event's is " + last);
    }
    return position;
  }

  private static void emit(EventFeed.Batch batch, MultiEmitter<? super WatchVolumesResponse> to) {
    if (batch.events().isEmpty()) {
      to.emit(WatchVolumesResponse.newBuilder().setCaughtUpPosition(batch.position()).build());
    }
    batch
        .events()
        .forEach(e -> to.emit(WatchVolumesResponse.newBuilder().setEvent(event(e)).build()));
  }

  private static io.joblet.storage.v1.VolumeEvent event(VolumeEvent event) {
    io.joblet.storage.v1.VolumeEvent.Builder message =
        io.joblet.storage.v1.VolumeEvent.newBuilder()
            .setPosition(event.position())
            .setKind(io.joblet.storage.v1.VolumeEvent.Kind.valueOf(event.kind().name()))
            .setTime(Protos.time(event.time()))
            .setVolumeId(event.volumeId().toString())
            .setVolumeName(event.volumeName())
            .setOwner(event.owner())
            .setReason(event.reason());
    event.jobName().ifPresent(message::setJobId);
    return message.build();
  }
}
