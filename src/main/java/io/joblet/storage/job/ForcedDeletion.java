package io.joblet.storage.job;

import io.joblet.storage.access.Reference;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentStore;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeDeletion;
import io.joblet.storage.volume.VolumeStore;
import io.joblet.storage.volume.VolumeView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Detaches a volume from whoever holds it, then deletes it. A process that uses it is not forced.
 */
@ApplicationScoped
public class ForcedDeletion {
  private final VolumeStore volumes;
  private final AttachmentStore attachments;
  private final JobLocks locks;
  private final Detaching detaching;
  private final VolumeDeletion deletion;
  private final Transactions transactions;

  ForcedDeletion(
      VolumeStore volumes,
      AttachmentStore attachments,
      JobLocks locks,
      Detaching detaching,
      VolumeDeletion deletion,
      Transactions transactions) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.locks = locks;
    this.detaching = detaching;
    this.deletion = deletion;
    this.transactions = transactions;
  }

  /** As {@link VolumeDeletion#delete}, after detaching. */
  public Optional<VolumeView> delete(
      String idOrName,
      boolean toTrash,
      String reason,
      Caller caller,
      Reply<Optional<VolumeView>> reply) {
    List<Attachment> holders =
        transactions.call(() -> {
          Optional<Volume> volume = volumes.find(Reference.of(caller.identity(), idOrName));
          volume
              .filter(v -> v.isProtected)
              .ifPresent(v -> {
                throw new Problem.InTheWay(
                    "PROTECTION",
                    "volume/" + v.name,
                    "volume '" + v.name + "' is protected; take the protection back first");
              });
          // The deletion says what is the matter with one that is not there.
          return volume.map(v -> attachments.ofVolume(v.id)).orElse(List.of());
        });
    for (Attachment holder : holders) {
      try (Held held = locks.lockHolder(holder)) {
        detaching.detachHeld(holder, reason, caller, Reply.none());
      }
    }
    return deletion.delete(idOrName, toTrash, reason, caller, reply);
  }
}
