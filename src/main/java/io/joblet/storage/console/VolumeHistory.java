package io.joblet.storage.console;

import io.joblet.storage.v1.VolumeEvent;
import io.joblet.storage.v1.VolumeService;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.WatchVolumesResponse;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;

/** What happened to a volume lately. */
@ApplicationScoped
class VolumeHistory {
  private static final int SHOWN = 20;

  private final VolumeService volumes;

  VolumeHistory(@GrpcService VolumeService volumes) {
    this.volumes = volumes;
  }

  /** The latest first. */
  List<VolumeDetails.Happening> of(Visit visit, String volume) {
    WatchVolumesRequest request =
        WatchVolumesRequest.newBuilder().setVolume(volume).setLastEvents(SHOWN).build();
    List<VolumeEvent> last =
        visit
            .admit("WatchVolumes")
            .call(() -> true, () -> volumes.watchVolumes(request))
            // The first word of having caught up ends it.
            .select()
            .first(WatchVolumesResponse::hasEvent)
            .map(WatchVolumesResponse::getEvent)
            .collect()
            .asList()
            .await()
            .indefinitely();
    return last.reversed().stream().map(VolumeHistory::happening).toList();
  }

  private static VolumeDetails.Happening happening(VolumeEvent event) {
    return new VolumeDetails.Happening(
        Text.time(event.getTime()),
        event.getKind().name().toLowerCase(Locale.ROOT),
        event.getJobId(),
        event.getReason());
  }
}
