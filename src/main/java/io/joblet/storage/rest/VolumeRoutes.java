package io.joblet.storage.rest;

import io.joblet.storage.rest.Route.Verb;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.VolumeService;
import io.joblet.storage.v1.WatchVolumesRequest;
import java.util.List;

/** Volumes, their attachments, and what happens to them. */
final class VolumeRoutes {
  private VolumeRoutes() {}

  static List<Route> of(VolumeService volumes) {
    return List.of(
        Route.of(
            Verb.GET, "/volumes", ListVolumesRequest.getDefaultInstance(), volumes::listVolumes),
        Route.of(
                Verb.POST,
                "/volumes",
                CreateVolumeRequest.getDefaultInstance(),
                volumes::createVolume)
            .creating("volume"),
        Route.of(
                Verb.GET,
                "/volumes/{volume}",
                GetVolumeRequest.getDefaultInstance(),
                volumes::getVolume)
            .showing("volume"),
        Route.of(
                Verb.PATCH,
                "/volumes/{volume}",
                UpdateVolumeRequest.getDefaultInstance(),
                volumes::updateVolume)
            .showing("volume"),
        Route.of(
            Verb.DELETE,
            "/volumes/{volume}",
            DeleteVolumeRequest.getDefaultInstance(),
            volumes::deleteVolume),
        Route.of(
                Verb.POST,
                "/volumes/{volume}/undelete",
                UndeleteVolumeRequest.getDefaultInstance(),
                volumes::undeleteVolume)
            .showing("volume"),
        Route.events("/events", WatchVolumesRequest.getDefaultInstance(), volumes::watchVolumes),
        Route.of(
                Verb.POST,
                "/volumes/{volume}/attachments",
                AttachVolumeRequest.getDefaultInstance(),
                volumes::attachVolume)
            .creating("attachment"),
        Route.of(
                Verb.DELETE,
                "/volumes/{volume}/attachments/{job_id}",
                DetachVolumeRequest.getDefaultInstance(),
                volumes::detachVolume)
            .showing("volume"),
        Route.of(
            Verb.POST,
            "/jobs/{job_id}/volumes",
            PrepareVolumesRequest.getDefaultInstance(),
            volumes::prepareVolumes),
        Route.of(
            Verb.DELETE,
            "/jobs/{job_id}/volumes",
            CleanupVolumesRequest.getDefaultInstance(),
            volumes::cleanupVolumes),
        Route.of(
            Verb.POST,
            "/jobs/{job_id}/lease",
            RenewLeaseRequest.getDefaultInstance(),
            volumes::renewLease));
  }
}
