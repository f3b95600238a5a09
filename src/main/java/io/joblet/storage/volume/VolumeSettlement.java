package io.joblet.storage.volume;

import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Promises;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/**
 * Ends what was begun and not finished, by the same code that would have finished it: creations are
 * taken back, all else goes on, and what was promised to whoever began it is kept. At a start, and
 * whenever a row is found that nobody works on.
 *
 * <p>A row may also be of an older database, and its volume have lived on since. So a creation is
 * only taken back while the volume is as a creation leaves it, and a deletion can be taken back for
 * as long as if it was made now.
 */
@ApplicationScoped
public class VolumeSettlement {
  private final VolumeStore volumes;
  private final VolumeLocks locks;
  private final Transactions transactions;
  private final VolumeCreation creation;
  private final VolumeUpdate update;
  private final VolumeDeletion deletion;
  private final VolumeUndeletion undeletion;
  private final VolumePurge purge;
  private final StrayData stray;
  private final Promises promises;

  VolumeSettlement(
      VolumeStore volumes,
      VolumeLocks locks,
      Transactions transactions,
      VolumeCreation creation,
      VolumeUpdate update,
      VolumeDeletion deletion,
      VolumeUndeletion undeletion,
      VolumePurge purge,
      StrayData stray,
      Promises promises) {
    this.volumes = volumes;
    this.locks = locks;
    this.transactions = transactions;
    this.creation = creation;
    this.update = update;
    this.deletion = deletion;
    this.undeletion = undeletion;
    this.purge = purge;
    this.stray = stray;
    this.promises = promises;
  }

  /**
   * Waits until nobody works on the volume, then settles it.
   *
   * @return what was done, for people, or empty if nothing was to do
   * @throws Problem when the host or the database refuses; the row stays for another try
   */
  public Optional<String> settle(UUID volumeId) {
    try (Held held = locks.lock(volumeId)) {
      Optional<Volume> unsettled =
          transactions.call(() -> volumes.reload(volumeId).filter(v -> v.state().transitional()));
      return unsettled.flatMap(v -> settle(v, Caller.daemon(v.owner)));
    }
  }

  private Optional<String> settle(Volume volume, Caller daemon) {
    return switch (volume.state()) {
      case CREATING -> {
        if (stray.hasLived(volume)) {
          creation.hasEnded(volume);
          yield Optional.of("found that the creation of '" + volume.name + "' had ended");
        }
        creation.undo(volume, daemon);
        yield Optional.of("took back the creation of '" + volume.name + "'");
      }
      case UPDATING -> {
        update.finish(volume, daemon, promises.of(volume.id));
        yield Optional.of("finished the resize of '" + volume.name + "'");
      }
      case DELETING -> {
        Retention.beginAgain(volume);
        deletion.finish(volume, daemon, promises.of(volume.id));
        yield Optional.of("finished the deletion of '" + volume.name + "'");
      }
      case UNDELETING -> {
        undeletion.finish(volume, daemon, promises.of(volume.id));
        yield Optional.of("finished the undeletion of '" + volume.name + "'");
      }
      case PURGING -> {
        purge.finish(volume, daemon, Reply.none());
        yield Optional.of("finished the purge of '" + volume.name + "'");
      }
      case AVAILABLE, TRASHED, LOST -> Optional.empty();
    };
  }
}
