package io.joblet.storage.console;

import io.joblet.storage.access.Permission;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.ListVolumesResponse;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeService;
import io.quarkus.grpc.GrpcService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What volumes there are, and how one stands. */
@ApplicationScoped
class VolumePages {
  static final String SECTION = "volumes";

  private final VolumeService volumes;
  private final VolumeShares shares;
  private final VolumeHistory history;
  private final Plots plots;

  VolumePages(
      @GrpcService VolumeService volumes, VolumeShares shares, VolumeHistory history, Plots plots) {
    this.volumes = volumes;
    this.shares = shares;
    this.history = history;
    this.plots = plots;
  }

  Reply list(Visit visit) {
    boolean all = visit.identity().seesAll();
    boolean trash = visit.asked("trash").equals("yes");
    String token = visit.asked("page");
    ListVolumesResponse found =
        visit.ask(
            ListVolumesRequest.newBuilder()
                .setAllOwners(all)
                .setShowShared(!all)
                .setShowDeleted(trash)
                .setPageToken(token)
                .build(),
            volumes::listVolumes);
    VolumeList list =
        new VolumeList(
            found.getVolumesList().stream().map(VolumeLine::of).toList(),
            all,
            trash,
            visit.may(Permission.CREATE_VOLUME),
            path(trash, token),
            found.getNextPageToken().isEmpty() ? "" : path(trash, found.getNextPageToken()));
    return Reply.page(Templates.volumes(visit.frame("Volumes", SECTION), list));
  }

  private static String path(boolean trash, String token) {
    return ConsoleServer.ROOT
        + "/volumes?trash="
        + Text.yesNo(trash)
        + (token.isEmpty() ? "" : "&page=" + Text.encoded(token));
  }

  Reply one(Visit visit) {
    Volume volume = get(visit);
    boolean own = !volume.getShared();
    Period period = Period.of(visit);
    boolean trashed = volume.hasDeletedAt();
    VolumeDetails details =
        new VolumeDetails(
            VolumeLine.of(volume),
            VolumeDetails.facts(volume),
            volume.getAttachmentsList().stream().map(VolumeDetails.Hold::of).toList(),
            own && !trashed ? shares.of(visit, volume.getId()) : null,
            own ? history.of(visit, volume.getId()) : List.of(),
            own ? plots.ofVolume(visit, volume.getId(), period) : List.of(),
            own ? period.choices("") : List.of(),
            trashed,
            new VolumeDetails.Rights(
                own && !trashed && visit.may(Permission.UPDATE_VOLUME),
                own && visit.may(Permission.DELETE_VOLUME),
                own && trashed && visit.may(Permission.PURGE_VOLUME),
                !trashed && visit.may(Permission.ATTACH_VOLUME),
                own && !trashed && visit.may(Permission.SHARE_VOLUME)));
    return Reply.page(Templates.volume(visit.frame(volume.getName(), SECTION), details));
  }

  /** Where a volume's page is. */
  static String path(Volume volume) {
    return ConsoleServer.ROOT + "/volumes/" + volume.getId();
  }

  /** The volume that the path names. */
  Volume get(Visit visit) {
    return visit
        .ask(
            GetVolumeRequest.newBuilder().setVolume(visit.parts().get("volume")).build(),
            volumes::getVolume)
        .getVolume();
  }
}
