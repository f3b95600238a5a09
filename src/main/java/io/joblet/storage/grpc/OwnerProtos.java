package io.joblet.storage.grpc;

import io.joblet.storage.owner.LimitChange;
import io.joblet.storage.owner.OwnerAccount;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.v1.Owner;
import io.joblet.storage.v1.OwnerLimits;
import io.joblet.storage.v1.OwnerUse;
import io.joblet.storage.v1.SetOwnerLimitsRequest;
import io.joblet.storage.v1.Share;
import io.joblet.storage.v1.Token;
import io.joblet.storage.volume.VolumeSharing;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Owners and tokens, to messages and from them. */
final class OwnerProtos {
  private static final Set<String> LIMITS =
      Set.of("volumes", "volume_bytes", "memory_bytes", "jobs");

  private OwnerProtos() {}

  static Owner owner(OwnerAccount account) {
    OwnerLimits.Builder limits = OwnerLimits.newBuilder();
    io.joblet.storage.owner.OwnerLimits most = account.limits();
    if (most.volumes() != null) {
      limits.setVolumes(most.volumes());
    }
    if (most.volumeBytes() != null) {
      limits.setVolumeBytes(most.volumeBytes());
    }
    if (most.memoryBytes() != null) {
      limits.setMemoryBytes(most.memoryBytes());
    }
    if (most.jobs() != null) {
      limits.setJobs(most.jobs());
    }
    OwnerAccount.Use used = account.used();
    return Owner.newBuilder()
        .setName(account.owner())
        .setLimits(limits)
        .setRowVersion(account.version())
        .setUsed(
            OwnerUse.newBuilder()
                .setVolumes(used.volumes())
                .setVolumeBytes(used.volumeBytes())
                .setMemoryBytes(used.memoryBytes())
                .setJobs(used.jobs()))
        .build();
  }

  static LimitChange change(Checks checks, SetOwnerLimitsRequest request) {
    List<String> mask = request.getUpdateMask().getPathsList();
    checks.require(
        !mask.isEmpty() && LIMITS.containsAll(mask),
        "update_mask",
        "must name one or more of volumes, volume_bytes, memory_bytes and jobs");
    checks.require(request.getRowVersion() >= 0, "row_version", "must not be negative");
    OwnerLimits wanted = request.getLimits();
    io.joblet.storage.owner.OwnerLimits limits =
        checks.value(
            "limits",
            () ->
                new io.joblet.storage.owner.OwnerLimits(
                    wanted.hasVolumes() ? Long.valueOf(wanted.getVolumes()) : null,
                    wanted.hasVolumeBytes() ? Long.valueOf(wanted.getVolumeBytes()) : null,
                    wanted.hasMemoryBytes() ? Long.valueOf(wanted.getMemoryBytes()) : null,
                    wanted.hasJobs() ? Long.valueOf(wanted.getJobs()) : null));
    return new LimitChange(
        limits,
        mask.contains("volumes"),
        mask.contains("volume_bytes"),
        mask.contains("memory_bytes"),
        mask.contains("jobs"),
        request.hasRowVersion() ? OptionalLong.of(request.getRowVersion()) : OptionalLong.empty());
  }

  static Share share(VolumeSharing.Share share) {
    return Share.newBuilder()
        .setWithOwner(share.withOwner())
        .setReadOnly(share.readOnly())
        .setCreatedAt(Protos.time(share.since()))
        .setCreatedBy(share.by())
        .build();
  }

  static Token token(io.joblet.storage.owner.Token row) {
    Token.Builder token =
        Token.newBuilder()
            .setId(row.id().toString())
            .setName(row.name())
            .setOwner(row.owner())
            .setRole(row.role().text())
            .setCreatedAt(Protos.time(row.createdAt()));
    if (row.expiresAt() != null) {
      token.setExpiresAt(Protos.time(row.expiresAt()));
    }
    if (row.lastUsedAt() != null) {
      token.setLastUsedAt(Protos.time(row.lastUsedAt()));
    }
    return token.build();
  }
}
