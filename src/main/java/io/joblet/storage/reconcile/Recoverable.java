package io.joblet.storage.reconcile;

import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.VolumeRecord;
import java.util.Optional;
import java.util.UUID;

/**
 * Something in the pool that the rows do not explain, and what can be done about it without losing
 * anything.
 *
 * @param id the volume's; null where a name is none
 * @param place where it is now, below the volumes directory
 * @param record what its row says or will say; null where it is left
 * @param trashed whether it goes to the trash, or stays there
 * @param from where its data has to be brought back from; empty where it stays
 * @param usedBytes as the kernel counts it; null if nothing can say without mounting it
 * @param note for people: why it is left, renamed, or not quite what it was; empty if there is
 *     nothing to say
 */
public record Recoverable(
    UUID id,
    String place,
    Action action,
    VolumeRecord record,
    boolean trashed,
    Optional<ManagedPath> from,
    Long usedBytes,
    String note) {

  /** What is to be done. */
  public enum Action {
    /** Make its row, and bring its data back where it was set aside. */
    ADOPT,
    /** Its row is there: bring its data back. */
    RETURN,
    /** Leave it where it is; a start sets it aside. */
    LEAVE
  }

  static Recoverable left(UUID id, String place, String why) {
    return new Recoverable(id, place, Action.LEAVE, null, false, Optional.empty(), null, why);
  }

  ProviderName provider() {
    return record.volume().provider;
  }

  /** What makes one plan the same as another. */
  String line() {
    return String.join(
        "|",
        String.valueOf(id),
        place,
        action.name(),
        String.valueOf(trashed),
        from.map(ManagedPath::toString).orElse(""),
        record == null ? "" : record.text(),
        note);
  }
}
