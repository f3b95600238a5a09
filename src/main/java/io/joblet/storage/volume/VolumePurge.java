package io.joblet.storage.volume;

import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Promises;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Destroys what is in the trash. From the intent on it only goes forward. */
@ApplicationScoped
public class VolumePurge {
  private final VolumeStore volumes;
  private final VolumeLocks locks;
  private final VolumeRecords records;
  private final Capacity capacity;
  private final HostWork host;
  private final Operations operations;
  private final Transactions transactions;
  private final Promises promises;
  private final StrayData stray;

  VolumePurge(
      VolumeStore volumes,
      VolumeLocks locks,
      VolumeRecords records,
      Capacity capacity,
      HostWork host,
      Operations operations,
      Transactions transactions,
      Promises promises,
      StrayData stray) {
    this.volumes = volumes;
    this.locks = locks;
    this.records = records;
    this.capacity = capacity;
    this.host = host;
    this.operations = operations;
    this.transactions = transactions;
    this.promises = promises;
    this.stray = stray;
  }

  /**
   * Purges a volume if it is in the trash since then; false if it is not any more, or if somebody
   * works on it. It waits for nobody, since who needs the space may hold another volume.
   *
   * @throws Problem.InTheWay when its data is in its place or set aside
   */
  public boolean purge(UUID id, Instant deletedAt, Caller caller) {
    Optional<Held> free = locks.tryLock(id);
    if (free.isEmpty()) {
      return false;
    }
    try (Held held = free.get()) {
      Optional<Volume> still =
          transactions.call(() -> volumes.reload(id).filter(v -> deletedAt.equals(v.deletedAt)));
      still.ifPresent(stray::refuseToSweep);
      return still.isPresent() && purgeHeld(id, caller, Reply.none());
    }
  }

  /**
   * {@link #purge} for a caller that holds the volume, and hears that nothing is left. Also goes on
   * with a purge that the host refused.
   */
  boolean purgeHeld(UUID id, Caller caller, Reply<Optional<VolumeView>> reply) {
    Optional<Volume> intent =
        transactions.call(() -> {
          Optional<Volume> volume = volumes.reload(id).filter(v -> doomed(v.state()));
          volume.ifPresent(v -> {
            if (v.state() == VolumeState.TRASHED) {
              v.become(VolumeState.PURGING);
            }
            reply.promise(v.id, Optional::empty);
          });
          return volume;
        });
    intent.ifPresent(v -> finish(v, caller, reply));
    return intent.isPresent();
  }

  private static boolean doomed(VolumeState state) {
    return state == VolumeState.TRASHED || state == VolumeState.PURGING;
  }

  /**
   * Destroys the data of a volume that is PURGING, then its row; the caller holds it.
   *
   * @throws Problem when the host refuses; the row stays PURGING and the settle sweep tries again
   */
  public void finish(Volume intent, Caller caller, Reply<Optional<VolumeView>> reply) {
    Deed deed = host.apply("purge", records.purge(intent));
    transactions.run(() -> {
      operations.record(deed, intent.subject(null), caller);
      if (deed.failure().isEmpty()) {
        volumes.deleteById(intent.id);
        reply.record(Optional.empty());
        promises.kept(intent.id);
      } else {
        volumes.because(intent.id, deed.failure().get().getMessage());
      }
    });
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
    capacity.release(intent.type, intent.sizeBytes);
  }
}
