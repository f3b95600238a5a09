package io.joblet.storage.job;

import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Repairs;
import io.joblet.storage.journal.Transactions;
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
  private final Repairs repairs;
  private final Transactions transactions;

  StageRepair(
      VolumeStore volumes,
      AttachmentStore attachments,
      VolumeLocks locks,
      Providers providers,
      Repairs repairs,
      Transactions transactions) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.locks = locks;
    this.providers = providers;
    this.repairs = repairs;
    this.transactions = transactions;
  }

  /**
   * Nothing, if somebody holds it by now.
   *
   * @throws io.joblet.storage.problem.Problem when the host refuses
   */
  public void takeDown(UUID volumeId) {
    try (Held held = locks.lock(volumeId)) {
      Optional<Volume> idle =
          transactions.call(
              () -> volumes.reload(volumeId).filter(v -> attachments.ofVolume(v.id).isEmpty()));
      idle.ifPresent(v -> repairs.undo("repair-stage", providers.of(v).stage(v), v.subject(null)));
    }
  }
}
