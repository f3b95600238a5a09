package io.joblet.storage.grpc;

import io.joblet.storage.reconcile.Recoverable;
import io.joblet.storage.reconcile.Recovery;
import io.joblet.storage.v1.RecoverResponse;
import io.joblet.storage.v1.RecoverableVolume;
import io.joblet.storage.volume.Volume;

/** What can be brought back, as messages. */
final class RecoveryProtos {
  private RecoveryProtos() {}

  static RecoverResponse response(Recovery.Report report) {
    RecoverResponse.Builder response =
        RecoverResponse.newBuilder()
            .setPlan(report.fingerprint())
            .setNewDatabase(report.newDatabase());
    report.outcomes().forEach(o -> response.addVolumes(volume(o)));
    return response.build();
  }

  private static RecoverableVolume volume(Recovery.Outcome outcome) {
    Recoverable item = outcome.item();
    RecoverableVolume.Builder volume =
        RecoverableVolume.newBuilder()
            .setAction(RecoverableVolume.Action.valueOf(item.action().name()))
            .setId(item.id() == null ? "" : item.id().toString())
            .setPlace(item.place())
            .setTrashed(item.trashed())
            .setNote(item.note())
            .setDone(outcome.done())
            .setError(outcome.error());
    if (item.usedBytes() != null) {
      volume.setUsedBytes(item.usedBytes());
    }
    if (item.record() != null) {
      Volume row = item.record().volume();
      volume
          .setOwner(row.owner)
          .setName(row.name)
          .setProvider(row.provider.text())
          .setSizeBytes(row.sizeBytes);
    }
    return volume.build();
  }
}
