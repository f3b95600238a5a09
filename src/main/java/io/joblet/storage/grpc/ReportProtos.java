package io.joblet.storage.grpc;

import io.joblet.storage.journal.AuditTrail;
import io.joblet.storage.usage.DailyUse;
import io.joblet.storage.usage.UsageReports;
import io.joblet.storage.v1.AuditEntry;
import io.joblet.storage.v1.IdleVolume;
import io.joblet.storage.v1.TroubledOperation;
import io.joblet.storage.v1.UsageDay;
import io.joblet.storage.v1.VolumeGrowth;
import io.joblet.storage.v1.VolumeUsage;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Rows of reports as messages. */
final class ReportProtos {
  private ReportProtos() {}

  static VolumeUsage usage(UsageReports.Usage row) {
    VolumeUsage.Builder usage =
        VolumeUsage.newBuilder()
            .setVolumeId(row.volumeId().toString())
            .setName(row.name())
            .setOwner(row.owner())
            .setType(row.type())
            .setProvider(row.provider())
            .setState(row.state())
            .setAttached(row.attached())
            .setSizeBytes(row.sizeBytes())
            .setMethod(text(row.method()));
    Optional.ofNullable(row.usedBytes()).ifPresent(usage::setUsedBytes);
    Optional.ofNullable(row.usedInodes()).ifPresent(usage::setUsedInodes);
    Optional.ofNullable(row.sampledAt()).map(Protos::time).ifPresent(usage::setSampledAt);
    return usage.build();
  }

  static IdleVolume idle(UsageReports.Idle row) {
    IdleVolume.Builder idle =
        IdleVolume.newBuilder()
            .setVolumeId(row.volumeId().toString())
            .setName(row.name())
            .setOwner(row.owner())
            .setType(row.type())
            .setSizeBytes(row.sizeBytes())
            .setCreatedAt(Protos.time(row.createdAt()));
    Optional.ofNullable(row.usedBytes()).ifPresent(idle::setUsedBytes);
    Optional.ofNullable(row.lastUsedAt()).map(Protos::time).ifPresent(idle::setLastUsedAt);
    return idle.build();
  }

  static VolumeGrowth growth(UsageReports.Growth row) {
    VolumeGrowth.Builder growth =
        VolumeGrowth.newBuilder()
            .setVolumeId(row.volumeId().toString())
            .setName(row.name())
            .setOwner(row.owner())
            .setSizeBytes(row.sizeBytes())
            .setUsedBytes(row.usedBytes())
            .setBytesPerDay(row.bytesPerDay())
            .setPoints(row.points());
    Optional.ofNullable(row.secondsUntilFull()).ifPresent(growth::setSecondsUntilFull);
    return growth.build();
  }

  static TroubledOperation trouble(UsageReports.Trouble row) {
    return TroubledOperation.newBuilder()
        .setOperationId(row.operationId())
        .setStartedAt(Protos.time(row.startedAt()))
        .setOutcome(row.outcome())
        .setKind(row.kind())
        .setVolumeName(text(row.volumeName()))
        .setOwner(text(row.owner()))
        .setJobName(text(row.jobName()))
        .setPrincipal(row.principal())
        .setError(text(row.error()))
        .build();
  }

  static UsageDay day(DailyUse.Day row) {
    UsageDay.Builder day =
        UsageDay.newBuilder()
            .setDay(row.day())
            .setType(row.type())
            .setVolumes(row.volumes())
            .setSizeBytes(row.sizeBytes())
            .setAvgBytes(row.avgBytes())
            .setLastBytes(row.lastBytes());
    Optional.ofNullable(row.minBytes()).ifPresent(day::setMinBytes);
    Optional.ofNullable(row.maxBytes()).ifPresent(day::setMaxBytes);
    return day.build();
  }

  static AuditEntry audit(AuditTrail.Entry entry) {
    return AuditEntry.newBuilder()
        .setWanted(text(entry.wanted()))
        .setCalls(entry.calls())
        .setId(entry.id().toString())
        .setAt(Protos.time(entry.at()))
        .setPrincipal(entry.principal())
        .setRole(entry.role().toLowerCase(Locale.ROOT))
        .setOwner(entry.owner())
        .setSource(entry.source())
        .setMethod(entry.method())
        .setTarget(text(entry.target()))
        .setRelated(text(entry.related()))
        .setRequestId(text(entry.requestId()))
        .setOutcome(entry.outcome())
        .setMessage(text(entry.message()))
        .setDurationUs(entry.durationUs())
        .build();
  }

  private static String text(String maybe) {
    return Objects.requireNonNullElse(maybe, "");
  }
}
