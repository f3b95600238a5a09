package io.joblet.storage.job;

import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.AttachmentStore;
import io.joblet.storage.volume.Providers;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Unmounts a volume that is mounted although nobody holds it. */
@ApplicationScoped
public class StageRepair {
  private final VolumeStore volumes;
  private final AttachmentStore attachments;
  private final VolumeLocks locks;
  private final Providers providers;
  private final HostWork host;
  private final Operations operations;
  private final Transactions transactions;

  StageRepair(
      VolumeStore volumes,
      AttachmentStore attachments,
      VolumeLocks locks,
      Providers providers,
      HostWork host,
      Operations operations,
      Transactions transactions) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.locks = locks;
    this.providers = providers;
    this.host = host;
    this.operations = operations;
    this.transactions = transactions;
  }

  /** Nothing, if somebody holds it by now. */
  public void takeDown(UUID volumeId) {
    try (Held held = locks.lock(volumeId)) {
      Optional<Volume> idle =
          transactions.call(
              () -> volumes.reload(volumeId).filter(v -> attachments.ofVolume(v.id).isEmpty()));
      idle.ifPresent(this::takeDown);
    }
  }

  private void takeDown(Volume volume) {
    Deed deed = host.undo("repair-stage", providers.of(volume).stage(volume));
    transactions.run(
        () -> operations.record(deed, volume.subject(null), Caller.daemon(volume.owner)));
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
  }
}
