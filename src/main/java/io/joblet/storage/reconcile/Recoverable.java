package io.joblet.storage.reconcile;

import io.joblet.storage.host.HostOperation.HoldInQgroup;
import io.joblet.storage.host.HostOperation.Move;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.Volume;
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
 * @param keepRecord where its record, which cannot be used, is set aside before another takes its
 *     place; empty unless there is one
 * @param groupless whether its quota group is lost, and has to be made again
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
    Optional<ManagedPath> keepRecord,
    boolean groupless,
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
    return new Recoverable(
        id, place, Action.LEAVE, null, false, Optional.empty(), Optional.empty(), false, null, why);
  }

  ProviderName provider() {
    return record.volume().provider;
  }

  /** What is done before there is a row, once a volume without a group has a number for one. */
  HostPlan preparation() {
    HostPlan keep =
        keepRecord.map(to -> HostPlan.of(new Move(Layout.record(id), to))).orElse(HostPlan.empty());
    if (!groupless) {
      return keep;
    }
    Volume volume = record.volume();
    return keep.then(
        HostPlan.of(
            new HoldInQgroup(
                ManagedPath.of(ManagedRoot.VOLUMES, place), volume.qgroup, volume.sizeBytes)));
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
