package io.joblet.storage.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.access.Owners;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.job.Places;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.v1.joblet.CreateVolumeReq;
import io.joblet.storage.v1.joblet.CreateVolumeRes;
import io.joblet.storage.v1.joblet.EmptyRequest;
import io.joblet.storage.v1.joblet.RemoveVolumeReq;
import io.joblet.storage.v1.joblet.RemoveVolumeRes;
import io.joblet.storage.v1.joblet.Volume;
import io.joblet.storage.v1.joblet.VolumeService;
import io.joblet.storage.v1.joblet.Volumes;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.Labels;
import io.joblet.storage.volume.NewVolume;
import io.joblet.storage.volume.VolumeCreation;
import io.joblet.storage.volume.VolumeDeletion;
import io.joblet.storage.volume.VolumeFilter;
import io.joblet.storage.volume.VolumeName;
import io.joblet.storage.volume.VolumeQueries;
import io.joblet.storage.volume.VolumeType;
import io.joblet.storage.volume.VolumeView;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code joblet.VolumeService}: what existing clients speak, by the same use cases. */
@GrpcService
class JobletVolumeEndpoint implements VolumeService {
  private static final int PAGE = 1000;
  private static final int MODE = 0755;

  private final Calls calls;
  private final Places places;
  private final VolumeCreation creation;
  private final VolumeQueries queries;
  private final VolumeDeletion deletion;
  private final StorageConfig.Job usual;

  JobletVolumeEndpoint(
      Calls calls,
      Places places,
      VolumeCreation creation,
      VolumeQueries queries,
      VolumeDeletion deletion,
      StorageConfig config) {
    this.calls = calls;
    this.places = places;
    this.creation = creation;
    this.queries = queries;
    this.deletion = deletion;
    this.usual = config.job();
  }

  @Override
  public Uni<CreateVolumeRes> createVolume(CreateVolumeReq request) {
    return calls.alter(
        request,
        (caller, trail) -> {
          VolumeView made = creation.create(wanted(request), caller, trail.reply());
          return CreateVolumeRes.newBuilder()
              .setName(request.getName())
              .setSize(request.getSize())
              .setType(type(made))
              .setPath(places.of(made.volume()))
              .build();
        },
        (failure, status) -> {
          throw Status.INVALID_ARGUMENT
              .withDescription("failed to create volume: " + why(failure, status))
              .asRuntimeException();
        });
  }

  @Override
  public Uni<Volumes> listVolumes(EmptyRequest request) {
    return calls.run(caller -> {
      Volumes.Builder all = Volumes.newBuilder();
      Optional<UUID> after = Optional.empty();
      List<VolumeView> page;
      do {
        page = queries.list(page(caller, after), PAGE);
        page.forEach(view -> all.addVolumes(volume(view)));
        after = page.isEmpty() ? after : Optional.of(page.getLast().volume().id);
      } while (page.size() == PAGE);
      return all.build();
    });
  }

  @Override
  public Uni<RemoveVolumeRes> removeVolume(RemoveVolumeReq request) {
    return calls.alter(
        request,
        (caller, trail) -> {
          Checks checks = new Checks();
          Fields.reference(checks, "name", request.getName());
          checks.done();
          String reason = "removed by " + caller.principal();
          deletion.delete(request.getName(), true, reason, caller, trail.reply());
          return RemoveVolumeRes.newBuilder().setSuccess(true).build();
        },
        (failure, status) -> RemoveVolumeRes.newBuilder().setMessage(why(failure, status)).build());
  }

  private NewVolume wanted(CreateVolumeReq request) {
    Checks checks = new Checks();
    VolumeName name = checks.value("name", () -> new VolumeName(request.getName()));
    Long size = checks.value("size", () -> JobletSize.bytes(request.getSize()));
    VolumeType type = checks.value("type", () -> type(request.getType()));
    checks.done();
    return new NewVolume(
        name,
        type,
        size,
        new Labels(Map.of()),
        0,
        usual.uid(),
        usual.gid(),
        MODE,
        false,
        Optional.empty());
  }

  private static VolumeType type(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "filesystem", "" -> VolumeType.FILESYSTEM;
      case "memory" -> VolumeType.MEMORY;
      default -> throw new IllegalArgumentException("must be filesystem or memory");
    };
  }

  private static String type(VolumeView view) {
    return view.volume().type.name().toLowerCase(Locale.ROOT);
  }

  private static VolumeFilter page(Caller caller, Optional<UUID> after) {
    return new VolumeFilter(
        Owners.own(caller.identity()), new Labels(Map.of()), Optional.empty(), false, false, after);
  }

  private Volume volume(VolumeView view) {
    return Volume.newBuilder()
        .setName(view.volume().name)
        .setSize(JobletSize.text(view.volume().sizeBytes))
        .setType(type(view))
        .setPath(places.of(view.volume()))
        .setCreatedTime(view.volume().createdAt.toString())
        .setJobCount((int) jobs(view.attachments()))
        .build();
  }

  private static long jobs(List<Attachment> attachments) {
    return attachments.stream().map(a -> a.jobId).distinct().count();
  }

  /** Its end for a name that is taken is what these clients look for. */
  private static String why(RuntimeException failure, StatusRuntimeException status) {
    if (failure instanceof Problem.AlreadyExists taken) {
      return "volume already exists: " + taken.name();
    }
    return status.getStatus().getDescription();
  }
}
