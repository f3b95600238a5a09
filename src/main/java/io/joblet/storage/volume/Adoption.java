package io.joblet.storage.volume;

import io.joblet.storage.host.Host;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Makes the rows of volumes that are there, from their records. */
@ApplicationScoped
public class Adoption {
  private final VolumeStore volumes;
  private final VolumeRecords records;
  private final Capacity capacity;
  private final QgroupNumbers qgroups;
  private final Transactions transactions;
  private final Host kernel;
  private final HostWork host;
  private final CurrentNode node;

  Adoption(
      VolumeStore volumes,
      VolumeRecords records,
      Capacity capacity,
      QgroupNumbers qgroups,
      Transactions transactions,
      Host kernel,
      HostWork host,
      CurrentNode node) {
    this.volumes = volumes;
    this.records = records;
    this.capacity = capacity;
    this.qgroups = qgroups;
    this.transactions = transactions;
    this.kernel = kernel;
    this.host = host;
    this.node = node;
  }

  /** What a row begins as. */
  public enum As {
    /** Its data is in its place. */
    AVAILABLE,
    /** Its data is in the trash, where it stays for the whole retention. */
    TRASHED,
    /** Its data is elsewhere, and {@link #found} follows when it has been brought back. */
    LOST
  }

  /** The row of that volume, and with whom it is shared. */
  public void add(Changes changes, VolumeRecord record, As as, Duration retention, Caller caller) {
    Volume volume = record.volume();
    volume.nodeId = node.id();
    volume.reason = "";
    volume.state = as == As.LOST ? VolumeState.LOST : VolumeState.AVAILABLE;
    if (as == As.LOST) {
      volume.reason = "recovered; its data has not been brought back yet";
    }
    VolumeRows.insert(changes, volume);
    if (as == As.TRASHED) {
      volume.state = VolumeState.TRASHED;
      Retention.beginForFound(volume, retention);
      volume.deletedBy = caller.principal();
      volume.reason = "recovered from the trash";
      VolumeRows.writeState(changes, volume);
    }
    // When it was used nobody knows. A sweep would find one in memory idle since it was made, and a
    // deletion not look whether somebody still uses it.
    volume.lastUsedAt = Instant.now();
    VolumeRows.writeUse(changes, volume);
    record
        .shares()
        .forEach((with, readOnly) ->
            changes.add(
                "insert into volume_share (volume_id, with_owner, read_only, created_at, created_by)"
                    + " values (?, ?, ?, ?, ?)",
                volume.id,
                with,
                readOnly,
                Instant.now(),
                caller.principal()));
  }

  /** Counts what they take, whatever the bounds say, since it is taken; a start counts anyway. */
  public void count(List<Volume> adopted) {
    adopted.forEach(v -> capacity.release(v.type, -v.sizeBytes));
    skipGroups();
  }

  /** Numbers that no quota group has or will have, for volumes whose group is lost. */
  public void giveGroups(List<Volume> groupless) {
    if (!groupless.isEmpty()) {
      skipGroups();
      groupless.forEach(v -> v.qgroup = qgroups.next());
    }
  }

  private void skipGroups() {
    long highest =
        host.ask(() -> kernel.qgroups().stream().mapToLong(Host.Qgroup::id).max().orElse(0));
    transactions.run(() -> qgroups.skipTo(highest));
  }

  /**
   * Its data is about to come back. In the trash its time begins anew, since it may have been had
   * back when it was set aside. To be called by its holder.
   *
   * @throws Problem.Conflict when it is not in the trash any more, or not lost, as it was found
   */
  public void expect(UUID id, boolean trashed, Duration retention) {
    VolumeState as = trashed ? VolumeState.TRASHED : VolumeState.LOST;
    transactions.run(() -> {
      Volume volume =
          volumes
              .reload(id)
              .filter(v -> v.state() == as)
              .orElseThrow(
                  () -> new Problem.Conflict("the volume is not " + as + " any more", null));
      if (trashed) {
        Retention.beginForFound(volume, retention);
      }
    });
  }

  /** Its data is back: a volume that is LOST is none any more. To be called by its holder. */
  public void found(UUID id) {
    transactions.run(() ->
        volumes
            .reload(id)
            .filter(v -> v.state() == VolumeState.LOST)
            .ifPresent(v -> {
              v.become(VolumeState.AVAILABLE);
              v.reason = "";
            }));
  }

  /** Writes its record as its row is now. To be called by its holder. */
  public void follow(UUID id) {
    records.follow(id);
  }
}
