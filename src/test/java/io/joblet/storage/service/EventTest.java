package io.joblet.storage.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.joblet.storage.event.EventFeed;
import io.joblet.storage.host.linux.Shell;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.SampleUsageRequest;
import io.joblet.storage.v1.SweepRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeEvent;
import io.joblet.storage.v1.VolumeEvent.Kind;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.WatchVolumesResponse;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What happens is told, in order, once, and to those who come later too. */
@QuarkusTest
class EventTest extends ServiceTest {
  @Inject EventFeed feed;

  @Test
  void aLifeIsToldInItsOrder() {
    long start = feed.last();
    Volume data = create("data");
    attach("data", "job");
    detach("data", "job");
    volumes.updateVolume(
        UpdateVolumeRequest.newBuilder()
            .setVolume("data")
            .setSizeBytes(32 * MIB)
            .setUpdateMask(FieldMask.newBuilder().addPaths("size_bytes"))
            .build());
    delete("data");
    volumes.undeleteVolume(UndeleteVolumeRequest.newBuilder().setVolume("data").build());
    delete("data");
    volumes.deleteVolume(
        DeleteVolumeRequest.newBuilder().setVolume(data.getId()).setPurge(true).build());

    List<VolumeEvent> told = until(start, e -> e.getKind() == Kind.PURGED);

    assertThat(told)
        .extracting(VolumeEvent::getKind)
        .containsExactly(
            Kind.CREATED,
            Kind.ATTACHED,
            Kind.DETACHED,
            Kind.UPDATED,
            Kind.DELETED,
            Kind.UNDELETED,
            Kind.DELETED,
            Kind.PURGED);
    assertThat(told).extracting(VolumeEvent::getVolumeId).containsOnly(data.getId());
    assertThat(told.get(1).getJobId()).isEqualTo("job");
    assertThat(told.get(2).getJobId()).isEqualTo("job");
    assertThat(told).extracting(VolumeEvent::getPosition).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aSweepOfAnIdleVolumeIsToldAsSuch() {
    long start = feed.last();
    create(wantedInMemory("cache").setIdleTimeout(Duration.newBuilder().setSeconds(1)));
    SweepRequest idle = SweepRequest.newBuilder().setKind(SweepRequest.Kind.IDLE).build();
    await().until(() -> !admin.sweep(idle).getItemsList().isEmpty());

    List<VolumeEvent> told = until(start, e -> e.getKind() == Kind.PURGED);

    assertThat(told)
        .extracting(VolumeEvent::getKind)
        .containsExactly(Kind.CREATED, Kind.SWEPT, Kind.PURGED);
    assertThat(told.get(1).getReason()).contains("idle timeout 1 s");
  }

  @Test
  void aVolumeThatFillsUpIsToldOnceForEachLevel() {
    long start = feed.last();
    create("data");
    String path = attach("data", "job").getHostPath();

    filled(path, 11 * 1024);
    filled(path, 13 * 1024 + 400);
    filled(path, 13 * 1024 + 420);
    filled(path, 15 * 1024 + 500);
    filled(path, 15 * 1024 + 500);
    filled(path, 14 * 1024 + 700);
    filled(path, 15 * 1024 + 500);
    filled(path, 12 * 1024 + 500);
    filled(path, 13 * 1024 + 400);
    filled(path, 1024);
    filled(path, 15 * 1024 + 500);
    detach("data", "job");
    delete("data");

    List<VolumeEvent> told = until(start, e -> e.getKind() == Kind.DELETED);
    assertThat(told)
        .extracting(VolumeEvent::getKind)
        .containsExactly(
            Kind.CREATED,
            Kind.ATTACHED,
            Kind.FILLING,
            Kind.FULL,
            Kind.FULL,
            Kind.DETACHED,
            Kind.DELETED);
    assertThat(told.get(2).getReason()).isEqualTo("used 13.4 MiB of 16 MiB");
    assertThat(told.get(3).getReason()).isEqualTo("used 15.5 MiB of 16 MiB");
    assertThat(told.get(4).getVolumeName()).isEqualTo("data");
  }

  @Test
  void whatIsInTheTrashIsNotToldToBeFullUntilItIsBack() {
    long start = feed.last();
    create("data");
    UsageFixture.write(attach("data", "job").getHostPath(), "file", 15 * 1024 + 500);
    detach("data", "job");
    delete("data");
    sample();
    volumes.undeleteVolume(UndeleteVolumeRequest.newBuilder().setVolume("data").build());
    sample();

    assertThat(until(start, e -> e.getKind() == Kind.FULL))
        .extracting(VolumeEvent::getKind)
        .containsExactly(
            Kind.CREATED, Kind.ATTACHED, Kind.DETACHED, Kind.DELETED, Kind.UNDELETED, Kind.FULL);
  }

  /** Sampled with one file of that size in it, which takes the place of the one before. */
  private void filled(String path, long kibibytes) {
    Shell.ok("rm", "-f", path + "/file");
    Shell.ok("sync");
    UsageFixture.write(path, "file", kibibytes);
    sample();
  }

  /** btrfs counts with its next commit. */
  private void sample() {
    Shell.ok("sync");
    admin.sampleUsage(SampleUsageRequest.getDefaultInstance());
  }

  @Test
  void whoResumesMissesNothingAndHearsNothingTwice() {
    long start = feed.last();
    List<VolumeEvent> inPieces = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      create("v" + i);
      long position = inPieces.isEmpty() ? start : inPieces.getLast().getPosition();
      String name = "v" + i;
      inPieces.addAll(until(position, e -> e.getVolumeName().equals(name)));
    }

    assertThat(until(start, e -> e.getVolumeName().equals("v4"))).isEqualTo(inPieces).hasSize(5);
  }

  @Test
  void manyAtOnceAreAllToldToOneWhoWatches() {
    int count = 60;
    long start = feed.last();

    Clients.together(count, i -> create("v" + i)).forEach(o -> assertThat(o.won()).isTrue());

    HashSet<String> left = new HashSet<>();
    for (int i = 0; i < count; i++) {
      left.add("v" + i);
    }
    assertThat(until(start, e -> left.remove(e.getVolumeName()) && left.isEmpty())).hasSize(count);
  }

  @Test
  void onlyTheVolumeThatWasAskedForIsTold() {
    long start = feed.last();
    create("one");
    create("other");
    delete("other");

    WatchVolumesRequest request =
        WatchVolumesRequest.newBuilder().setVolume("one").setAfterPosition(start).build();

    assertThat(until(request, response -> response.hasCaughtUpPosition()))
        .filteredOn(WatchVolumesResponse::hasEvent)
        .extracting(r -> r.getEvent().getVolumeName())
        .containsExactly("one");
  }

  @Test
  void theLastEventsOfAVolumeAreFoundAmongThoseOfOthers() {
    create("data");
    attach("data", "job");
    detach("data", "job");
    create("other");
    WatchVolumesRequest.Builder request = WatchVolumesRequest.newBuilder().setVolume("data");

    assertThat(kinds(request.setLastEvents(2))).containsExactly(Kind.ATTACHED, Kind.DETACHED);
    assertThat(kinds(request.setLastEvents(1000)))
        .containsExactly(Kind.CREATED, Kind.ATTACHED, Kind.DETACHED);
    assertThat(kinds(WatchVolumesRequest.newBuilder().setLastEvents(1)))
        .containsExactly(Kind.CREATED);
    // As a browser that resumes: it was told so much already.
    assertThat(kinds(request.setAfterPosition(feed.last()))).isEmpty();
    for (int wrong : List.of(-1, 0, 1001)) {
      request.setLastEvents(wrong);
      assertThat(Refused.by(() -> kinds(request)).fields()).containsExactly("last_events");
    }
  }

  private List<Kind> kinds(WatchVolumesRequest.Builder request) {
    return until(request.build(), WatchVolumesResponse::hasCaughtUpPosition).stream()
        .filter(WatchVolumesResponse::hasEvent)
        .map(r -> r.getEvent().getKind())
        .toList();
  }

  @Test
  void whatIsKeptNoLongerIsRefusedRatherThanPassedOver() {
    long start = feed.last();
    create("data");
    create("more");
    feed.advance();
    feed.forgetBefore(Instant.now());

    Refused refused = Refused.by(() -> until(start, e -> true));

    assertThat(refused.code()).isEqualTo(Code.OUT_OF_RANGE);
    assertThat(refused.message()).startsWith("after_position: is too old");
    create("new");
    assertThat(until(feed.last() - 1, e -> true)).hasSize(1);
  }

  @Test
  void aPositionThatWasNeverToldIsRefusedRatherThanWaitedFor() {
    create("data");
    long last = feed.last();

    Refused refused = Refused.by(() -> until(last + 1000, e -> true));

    assertThat(refused.code()).isEqualTo(Code.OUT_OF_RANGE);
    assertThat(refused.fields()).containsExactly("after_position");
    assertThat(refused.error().getReason()).isEqualTo("NOT_YET");
    create("more");
    assertThat(until(last, e -> true)).hasSize(1);
  }

  @Test
  void badRequestsAreRefused() {
    assertThat(Refused.by(() -> until(-1, e -> true)).code()).isEqualTo(Code.INVALID_ARGUMENT);
    WatchVolumesRequest unknown = WatchVolumesRequest.newBuilder().setVolume("none").build();
    assertThat(Refused.by(() -> until(unknown, r -> true)).code()).isEqualTo(Code.NOT_FOUND);
  }

  private List<VolumeEvent> until(long position, Predicate<VolumeEvent> last) {
    WatchVolumesRequest request =
        WatchVolumesRequest.newBuilder().setAfterPosition(position).build();
    return until(request, r -> r.hasEvent() && last.test(r.getEvent())).stream()
        .filter(WatchVolumesResponse::hasEvent)
        .map(WatchVolumesResponse::getEvent)
        .toList();
  }

  private List<WatchVolumesResponse> until(
      WatchVolumesRequest request, Predicate<WatchVolumesResponse> last) {
    List<WatchVolumesResponse> told = new ArrayList<>();
    try (Context.CancellableContext watching = Context.current().withCancellation()) {
      watching.run(() -> {
        Iterator<WatchVolumesResponse> stream = volumes.watchVolumes(request);
        boolean over = false;
        while (!over) {
          told.add(stream.next());
          over = last.test(told.getLast());
        }
      });
    }
    return told;
  }
}
