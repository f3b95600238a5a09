package io.joblet.storage.grpc;

import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Owners;
import io.joblet.storage.access.Permission;
import io.joblet.storage.config.OwnerName;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.v1.CreateVolumeRequest;
import io.joblet.storage.v1.ListVolumesRequest;
import io.joblet.storage.v1.UpdateVolumeRequest;
import io.joblet.storage.volume.Labels;
import io.joblet.storage.volume.NewVolume;
import io.joblet.storage.volume.VolumeChange;
import io.joblet.storage.volume.VolumeFilter;
import io.joblet.storage.volume.VolumeName;
import io.joblet.storage.volume.VolumeType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Requests about volumes, checked: every broken rule is named, and nothing has been done yet. */
final class VolumeRequests {
  private static final int DEFAULT_MODE = 0755;

  private VolumeRequests() {}

  /**
   * A new volume.
   *
   * @param usual whose it is if the request does not say
   */
  static NewVolume create(CreateVolumeRequest request, int maxLabels, StorageConfig.Job usual) {
    Checks checks = new Checks();
    VolumeName name = checks.value("name", () -> new VolumeName(request.getName()));
    VolumeType type = Fields.type(checks, "type", request.getType());
    Labels labels = labels(checks, "labels", request.getLabelsMap(), maxLabels);
    checks.require(request.getSizeBytes() > 0, "size_bytes", "must be greater than 0");
    checks.require(request.getInodeLimit() >= 0, "inode_limit", "must not be negative");
    long uid = request.hasUid() ? Fields.id(checks, "uid", request.getUid()) : usual.uid();
    long gid = request.hasGid() ? Fields.id(checks, "gid", request.getGid()) : usual.gid();
    int mode = request.hasMode() ? request.getMode() : DEFAULT_MODE;
    checks.require(
        mode >= 0 && mode <= 0777, "mode", "must be permission bits only, from 0 to 0777 (511)");
    Optional<Duration> idleTimeout =
        request.hasIdleTimeout()
            ? Optional.ofNullable(Fields.duration(checks, "idle_timeout", request.getIdleTimeout()))
            : Optional.empty();
    checks.require(
        idleTimeout.isEmpty() || type != VolumeType.FILESYSTEM,
        "idle_timeout",
        "is only for memory volumes");
    checks.done();
    return new NewVolume(
        name,
        type,
        request.getSizeBytes(),
        labels,
        request.getInodeLimit(),
        uid,
        gid,
        mode,
        request.getProtected(),
        idleTimeout);
  }

  /**
   * On whose behalf it is made: an admin may name another owner.
   *
   * @throws io.joblet.storage.problem.Problem.Denied where anybody else does
   */
  static Caller owner(CreateVolumeRequest request, Caller caller) {
    if (request.getOwner().isEmpty() || request.getOwner().equals(caller.owner())) {
      return caller;
    }
    caller.identity().require(Permission.SEE_OWNERS);
    Checks checks = new Checks();
    OwnerName owner = checks.value("owner", () -> new OwnerName(request.getOwner()));
    checks.done();
    return caller.as(owner.text());
  }

  static VolumeFilter list(ListVolumesRequest request, Identity caller, int maxLabels) {
    Checks checks = new Checks();
    Labels labels = labels(checks, "label_filter", request.getLabelFilterMap(), maxLabels);
    Optional<VolumeType> type =
        request.getTypeValue() == 0
            ? Optional.empty()
            : Optional.ofNullable(Fields.type(checks, "type", request.getType()));
    PageTokens.size(checks, request.getPageSize());
    Optional<UUID> after = PageTokens.VOLUMES.read(checks, request.getPageToken());
    Owners owners =
        checks.value("owner", () -> Owners.of(caller, request.getOwner(), request.getAllOwners()));
    checks.done();
    return new VolumeFilter(
        owners, labels, type, request.getShowDeleted(), request.getShowShared(), after);
  }

  static VolumeChange update(UpdateVolumeRequest request, int maxLabels) {
    Checks checks = new Checks();
    Fields.reference(checks, "volume", request.getVolume());
    checks.require(request.getRowVersion() >= 0, "row_version", "must not be negative");
    List<String> mask = request.getUpdateMask().getPathsList();
    checks.require(
        !mask.isEmpty(), "update_mask", "must name what to change, e.g. labels or size_bytes");
    Optional<Labels> labels = Optional.empty();
    Optional<Boolean> isProtected = Optional.empty();
    OptionalLong sizeBytes = OptionalLong.empty();
    Optional<Duration> idleTimeout = Optional.empty();
    for (String path : mask) {
      switch (path) {
        case "labels" ->
            labels =
                Optional.ofNullable(labels(checks, "labels", request.getLabelsMap(), maxLabels));
        case "protected" -> isProtected = Optional.of(request.getProtected());
        case "size_bytes" -> {
          checks.require(request.getSizeBytes() > 0, "size_bytes", "must be greater than 0");
          sizeBytes = OptionalLong.of(request.getSizeBytes());
        }
        case "idle_timeout" ->
            idleTimeout =
                Optional.ofNullable(
                    Fields.duration(checks, "idle_timeout", request.getIdleTimeout()));
        default ->
            checks.require(
                false,
                "update_mask",
                "may name labels, protected, size_bytes and idle_timeout only");
      }
    }
    checks.done();
    return new VolumeChange(
        labels,
        isProtected,
        sizeBytes,
        idleTimeout,
        request.getRowVersion() == 0
            ? OptionalLong.empty()
            : OptionalLong.of(request.getRowVersion()));
  }

  private static Labels labels(
      Checks checks, String field, Map<String, String> entries, int maxLabels) {
    checks.require(entries.size() <= maxLabels, field, "has more than " + maxLabels + " labels");
    return checks.value(field, () -> new Labels(entries));
  }
}
