package io.joblet.storage.console;

import io.joblet.storage.access.Permission;
import io.joblet.storage.grpc.OnBehalf;
import io.joblet.storage.v1.VolumeEvent;
import io.joblet.storage.v1.VolumeService;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.WatchVolumesResponse;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;

/** What happened to a volume: its events up to now, of which the last ones are kept. */
@ApplicationScoped
class VolumeHistory {
  private static final int KEPT = 20;

  private final VolumeService volumes;

  VolumeHistory(@GrpcService VolumeService volumes) {
    this.volumes = volumes;
  }

  /** The latest first. */
  List<VolumeDetails.Happening> of(Visit visit, String volume) {
    visit.identity().require(Permission.WATCH_VOLUMES);
    WatchVolumesRequest request =
        WatchVolumesRequest.newBuilder().setVolume(volume).setAfterPosition(0).build();
    ArrayDeque<VolumeEvent> last =
        OnBehalf.of(visit.identity(), () -> true, () -> volumes.watchVolumes(request))
            // The first word of having caught up ends it.
            .select()
            .first(WatchVolumesResponse::hasEvent)
            .map(WatchVolumesResponse::getEvent)
            .collect()
            .in(ArrayDeque<VolumeEvent>::new, VolumeHistory::keep)
            .await()
            .indefinitely();
    return last.reversed().stream().map(VolumeHistory::happening).toList();
  }

  private static void keep(ArrayDeque<VolumeEvent> kept, VolumeEvent event) {
    if (kept.size() == KEPT) {
      kept.removeFirst();
    }
    kept.addLast(event);
  }

  private static VolumeDetails.Happening happening(VolumeEvent event) {
    return new VolumeDetails.Happening(
        Text.time(event.getTime()),
        event.getKind().name().toLowerCase(Locale.ROOT),
        event.getJobId(),
        event.getReason());
  }
}
