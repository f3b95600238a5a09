package io.joblet.storage.grpc;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.job.Attaching;
import io.joblet.storage.job.Detaching;
import io.joblet.storage.job.JobCleanup;
import io.joblet.storage.job.JobName;
import io.joblet.storage.job.LeaseRenewal;
import io.joblet.storage.job.Liveness;
import io.joblet.storage.job.MountPath;
import io.joblet.storage.job.Places;
import io.joblet.storage.job.WantedMount;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.AttachVolumeResponse;
import io.joblet.storage.v1.Attachment;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CleanupVolumesResponse;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.DetachVolumeResponse;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.PrepareVolumesResponse;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.v1.RenewLeaseResponse;
import io.joblet.storage.v1.VolumeMount;
import io.joblet.storage.volume.VolumeView;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** The methods that join volumes and jobs. */
@ApplicationScoped
class AttachmentCalls {
  private final Calls calls;
  private final Protos protos;
  private final Places places;
  private final Attaching attaching;
  private final Detaching detaching;
  private final JobCleanup cleanup;
  private final LeaseRenewal leases;
  private final int mountsPerJob;

  AttachmentCalls(
      Calls calls,
      Protos protos,
      Places places,
      Attaching attaching,
      Detaching detaching,
      JobCleanup cleanup,
      LeaseRenewal leases,
      StorageConfig config) {
    this.calls = calls;
    this.protos = protos;
    this.places = places;
    this.attaching = attaching;
    this.detaching = detaching;
    this.cleanup = cleanup;
    this.leases = leases;
    this.mountsPerJob = config.limits().mountsPerJob();
  }

  Uni<AttachVolumeResponse> attach(AttachVolumeRequest request) {
    return calls.change(
        request,
        AttachVolumeResponse.getDefaultInstance(),
        this::attached,
        caller -> {
          Checks checks = new Checks();
          WantedMount wanted =
              Mounts.one(
                  checks,
                  "",
                  VolumeMount.newBuilder()
                      .setVolume(request.getVolume())
                      .setMountPath(request.getMountPath())
                      .setReadOnly(request.getReadOnly())
                      .setAccessModeValue(request.getAccessModeValue())
                      .build());
          JobName job = checks.value("job_id", () -> new JobName(request.getJobId()));
          Liveness liveness = Fields.liveness(checks, request.getLiveness());
          checks.done();
          return reply -> attaching.attach(job, List.of(wanted), liveness, caller, reply);
        });
  }

  Uni<DetachVolumeResponse> detach(DetachVolumeRequest request) {
    return calls.change(
        request,
        DetachVolumeResponse.getDefaultInstance(),
        (Caller caller, VolumeView v) ->
            DetachVolumeResponse.newBuilder().setVolume(protos.leftBehind(caller, v)).build(),
        caller -> {
          Checks checks = new Checks();
          Fields.reference(checks, "volume", request.getVolume());
          Optional<JobName> job = Fields.jobName(checks, "job_id", request.getJobId());
          Optional<MountPath> path = Fields.mountPath(checks, "mount_path", request.getMountPath());
          checks.done();
          return reply -> detaching.detach(request.getVolume(), job, path, caller, reply);
        });
  }

  Uni<PrepareVolumesResponse> prepare(PrepareVolumesRequest request) {
    return calls.change(
        request,
        PrepareVolumesResponse.getDefaultInstance(),
        this::prepared,
        caller -> {
          Checks checks = new Checks();
          JobName job = checks.value("job_id", () -> new JobName(request.getJobId()));
          List<WantedMount> wanted = Mounts.of(checks, request.getVolumesList(), 1, mountsPerJob);
          Liveness liveness = Fields.liveness(checks, request.getLiveness());
          checks.done();
          return reply -> attaching.attach(job, wanted, liveness, caller, reply);
        });
  }

  Uni<CleanupVolumesResponse> cleanUp(CleanupVolumesRequest request) {
    return calls.change(
        request,
        CleanupVolumesResponse.getDefaultInstance(),
        (Caller caller, Integer detached) ->
            CleanupVolumesResponse.newBuilder().setDetached(detached).build(),
        caller -> {
          Checks checks = new Checks();
          String job = Fields.job(checks, "job_id", request.getJobId());
          checks.done();
          return reply ->
              cleanup.cleanUp(job, "cleaned up by " + caller.principal(), caller, reply);
        });
  }

  Uni<RenewLeaseResponse> renew(RenewLeaseRequest request) {
    return calls.alter(
        request,
        caller -> {
          Checks checks = new Checks();
          String job = Fields.job(checks, "job_id", request.getJobId());
          checks.done();
          return RenewLeaseResponse.newBuilder()
              .setExpiresAt(Protos.time(leases.renew(job, caller)))
              .build();
        });
  }

  private AttachVolumeResponse attached(Caller caller, Attaching.Attached result) {
    VolumeView view = result.volumes().getFirst();
    return AttachVolumeResponse.newBuilder()
        .setAttachment(protos.attachment(result.attachments().getFirst(), view.volume().name))
        .setVolume(protos.volume(caller, view))
        .build();
  }

  private PrepareVolumesResponse prepared(Caller caller, Attaching.Attached result) {
    PrepareVolumesResponse.Builder response =
        PrepareVolumesResponse.newBuilder().setJobDirectory(places.of(result.job()));
    for (int i = 0; i < result.attachments().size(); i++) {
      Attachment attachment =
          protos.attachment(result.attachments().get(i), result.volumes().get(i).volume().name);
      response.addAttachments(attachment);
    }
    return response.build();
  }
}
