package io.joblet.storage.grpc;

import io.joblet.storage.access.Permission;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.job.ForcedDeletion;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.AttachVolumeResponse;
import io.joblet.storage.v1.CleanupVolumesRequest;
import io.joblet.storage.v1.CleanupVolumesResponse;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.CreateVolumeResponse;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeResponse;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.DetachVolumeResponse;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.GetVolumeResponse;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.ListVolumesResponse;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.PrepareVolumesResponse;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.v1.RenewLeaseResponse;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.UndeleteVolumeResponse;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.v1.UpdateVolumeResponse;
import io.joblet.storage.v1.Volume;
import io.joblet.storage.v1.VolumeService;
import io.joblet.storage.v1.WatchVolumesRequest;
import io.joblet.storage.v1.WatchVolumesResponse;
import io.joblet.storage.volume.NewVolume;
import io.joblet.storage.volume.VolumeChange;
import io.joblet.storage.volume.VolumeCreation;
import io.joblet.storage.volume.VolumeDeletion;
import io.joblet.storage.volume.VolumeFilter;
import io.joblet.storage.volume.VolumeName;
import io.joblet.storage.volume.VolumeQueries;
import io.joblet.storage.volume.VolumeUndeletion;
import io.joblet.storage.volume.VolumeUpdate;
import io.joblet.storage.volume.VolumeView;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code joblet.storage.v1.VolumeService}: volumes here, attachments in {@link AttachmentCalls}.
 */
@GrpcService
class VolumeEndpoint implements VolumeService {
  private final Calls calls;
  private final Protos protos;
  private final AttachmentCalls attachmentCalls;
  private final VolumeCreation creation;
  private final VolumeQueries queries;
  private final VolumeUpdate update;
  private final VolumeDeletion deletion;
  private final ForcedDeletion forcedDeletion;
  private final VolumeUndeletion undeletion;
  private final EventStreams events;
  private final int maxLabels;
  private final StorageConfig.Job usual;

  VolumeEndpoint(
      Calls calls,
      Protos protos,
      AttachmentCalls attachmentCalls,
      VolumeCreation creation,
      VolumeQueries queries,
      VolumeUpdate update,
      VolumeDeletion deletion,
      ForcedDeletion forcedDeletion,
      VolumeUndeletion undeletion,
      EventStreams events,
      StorageConfig config) {
    this.calls = calls;
    this.protos = protos;
    this.attachmentCalls = attachmentCalls;
    this.creation = creation;
    this.queries = queries;
    this.update = update;
    this.deletion = deletion;
    this.forcedDeletion = forcedDeletion;
    this.undeletion = undeletion;
    this.events = events;
    this.maxLabels = config.limits().labelsPerVolume();
    this.usual = config.job();
  }

  @Override
  public Uni<CreateVolumeResponse> createVolume(CreateVolumeRequest request) {
    return calls.change(
        request,
        CreateVolumeResponse.getDefaultInstance(),
        (Caller caller, VolumeView v) ->
            CreateVolumeResponse.newBuilder().setVolume(protos.volume(caller, v)).build(),
        caller -> {
          NewVolume wanted = VolumeRequests.create(request, maxLabels, usual);
          Caller owner = VolumeRequests.owner(request, caller);
          return reply -> creation.create(wanted, owner, reply);
        });
  }

  @Override
  public Uni<ListVolumesResponse> listVolumes(ListVolumesRequest request) {
    return calls.run(caller -> {
      VolumeFilter filter = VolumeRequests.list(request, caller.identity(), maxLabels);
      int size = PageTokens.size(new Checks(), request.getPageSize());
      List<VolumeView> found = queries.list(filter, size + 1);
      List<VolumeView> page = found.subList(0, Math.min(size, found.size()));
      ListVolumesResponse.Builder response = ListVolumesResponse.newBuilder();
      Map<UUID, Long> used = queries.usedBytes(page);
      page.forEach(v -> response.addVolumes(withUse(caller, v, used)));
      if (found.size() > size) {
        response.setNextPageToken(PageTokens.VOLUMES.of(page.getLast().volume().id));
      }
      return response.build();
    });
  }

  @Override
  public Uni<GetVolumeResponse> getVolume(GetVolumeRequest request) {
    return calls.run(caller -> {
      Checks checks = new Checks();
      Fields.reference(checks, "volume", request.getVolume());
      checks.done();
      VolumeView view = queries.get(caller, request.getVolume());
      return GetVolumeResponse.newBuilder()
          .setVolume(withUse(caller, view, queries.usedBytes(List.of(view))))
          .build();
    });
  }

  @Override
  public Uni<UpdateVolumeResponse> updateVolume(UpdateVolumeRequest request) {
    return calls.change(
        request,
        UpdateVolumeResponse.getDefaultInstance(),
        (Caller caller, VolumeView v) ->
            UpdateVolumeResponse.newBuilder().setVolume(protos.volume(caller, v)).build(),
        caller -> {
          VolumeChange change = VolumeRequests.update(request, maxLabels);
          return reply -> update.update(request.getVolume(), change, caller, reply);
        });
  }

  @Override
  public Uni<DeleteVolumeResponse> deleteVolume(DeleteVolumeRequest request) {
    return calls.change(
        request,
        DeleteVolumeResponse.getDefaultInstance(),
        this::deleted,
        caller -> {
          Checks checks = new Checks();
          Fields.reference(checks, "volume", request.getVolume());
          checks.done();
          if (request.getPurge()) {
            caller.identity().require(Permission.PURGE_VOLUME);
          }
          return reply -> delete(request, caller, reply);
        });
  }

  @Override
  public Uni<UndeleteVolumeResponse> undeleteVolume(UndeleteVolumeRequest request) {
    return calls.change(
        request,
        UndeleteVolumeResponse.getDefaultInstance(),
        (Caller caller, VolumeView v) ->
            UndeleteVolumeResponse.newBuilder().setVolume(protos.volume(caller, v)).build(),
        caller -> {
          Checks checks = new Checks();
          Fields.reference(checks, "volume", request.getVolume());
          Optional<VolumeName> newName =
              request.getNewName().isEmpty()
                  ? Optional.empty()
                  : Optional.ofNullable(
                      checks.value("new_name", () -> new VolumeName(request.getNewName())));
          checks.done();
          return reply -> undeletion.undelete(request.getVolume(), newName, caller, reply);
        });
  }

  @Override
  public Uni<AttachVolumeResponse> attachVolume(AttachVolumeRequest request) {
    return attachmentCalls.attach(request);
  }

  @Override
  public Uni<DetachVolumeResponse> detachVolume(DetachVolumeRequest request) {
    return attachmentCalls.detach(request);
  }

  @Override
  public Uni<PrepareVolumesResponse> prepareVolumes(PrepareVolumesRequest request) {
    return attachmentCalls.prepare(request);
  }

  @Override
  public Uni<CleanupVolumesResponse> cleanupVolumes(CleanupVolumesRequest request) {
    return attachmentCalls.cleanUp(request);
  }

  @Override
  public Uni<RenewLeaseResponse> renewLease(RenewLeaseRequest request) {
    return attachmentCalls.renew(request);
  }

  @Override
  public Multi<WatchVolumesResponse> watchVolumes(WatchVolumesRequest request) {
    return events.stream(caller -> {
      Checks checks = new Checks();
      if (!request.getVolume().isEmpty()) {
        Fields.reference(checks, "volume", request.getVolume());
      }
      EventStreams.Start start = EventStreams.Start.of(checks, request);
      checks.done();
      return new EventStreams.Wish(
          caller.identity().seesAll() ? Optional.empty() : Optional.of(caller.owner()),
          request.getVolume().isEmpty()
              ? Optional.empty()
              : Optional.of(queries.get(caller, request.getVolume()).volume().id),
          start);
    });
  }

  private Optional<VolumeView> delete(
      DeleteVolumeRequest request, Caller caller, Reply<Optional<VolumeView>> reply) {
    String reason = "deleted by " + caller.principal();
    boolean toTrash = !request.getPurge();
    return request.getForce()
        ? forcedDeletion.delete(request.getVolume(), toTrash, reason, caller, reply)
        : deletion.delete(request.getVolume(), toTrash, reason, caller, reply);
  }

  private DeleteVolumeResponse deleted(Caller caller, Optional<VolumeView> trashed) {
    DeleteVolumeResponse.Builder response = DeleteVolumeResponse.newBuilder();
    trashed.ifPresent(v -> response.setVolume(protos.volume(caller, v)));
    return response.build();
  }

  private Volume withUse(Caller caller, VolumeView view, Map<UUID, Long> used) {
    Volume.Builder volume = protos.volume(caller, view);
    Long bytes = used.get(view.volume().id);
    if (bytes != null) {
      volume.setUsedBytes(bytes);
    }
    return volume.build();
  }
}
