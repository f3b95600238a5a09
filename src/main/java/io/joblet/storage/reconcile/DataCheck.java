package io.joblet.storage.reconcile;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Repairs;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.reconcile.Finding.Severity;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.Providers;
import io.joblet.storage.volume.Retention;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Data that is not where its row says: never made anew, only said. And data that is back again. */
@ApplicationScoped
class DataCheck implements Check {
  private final VolumeStore volumes;
  private final VolumeLocks locks;
  private final Providers providers;
  private final Transactions transactions;
  private final HostWork host;
  private final Repairs repairs;
  private final Host kernel;
  private final Duration retention;

  DataCheck(
      VolumeStore volumes,
      VolumeLocks locks,
      Providers providers,
      Transactions transactions,
      HostWork host,
      Repairs repairs,
      Host kernel,
      StorageConfig config) {
    this.volumes = volumes;
    this.locks = locks;
    this.providers = providers;
    this.transactions = transactions;
    this.host = host;
    this.repairs = repairs;
    this.kernel = kernel;
    this.retention = config.trash().retention();
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    List<RowInventory.Row> named = new ArrayList<>();
    for (RowInventory.Row row : rows.volumes().values()) {
      boolean there = expected(row, onHost);
      if (row.state() == VolumeState.AVAILABLE && !there) {
        reconsider(row.id(), VolumeState.AVAILABLE)
            .ifPresent(volume -> findings.accept(missing(volume)));
      } else if (row.state() == VolumeState.LOST && !there) {
        findings.accept(lost(row));
      } else if (row.state() == VolumeState.AVAILABLE || row.state() == VolumeState.LOST) {
        named.add(row);
      } else if (row.state() == VolumeState.TRASHED && !inTrash(row, onHost)) {
        findings.accept(notInTrash(row, there));
      }
    }
    // All in one question, of which each takes longer to be asked than to be answered.
    host.tell(() -> named.forEach(row -> lookAt(row, findings)));
  }

  /** A name alone is no data: somebody may have put anything there. */
  private void lookAt(RowInventory.Row row, Consumer<Finding> findings) {
    boolean lost = row.state() == VolumeState.LOST;
    try {
      boolean data = isData(row);
      if (lost && data) {
        findings.accept(found(row));
      } else if (!data) {
        findings.accept(other(row, lost));
      }
    } catch (HostException e) {
      findings.accept(Finding.unreadable(row, e));
    }
  }

  private boolean isData(RowInventory.Row row) {
    ManagedPath path = row.provider().data(row.id(), false);
    return switch (row.provider()) {
      case BTRFS -> kernel.isSubvolume(path);
      case LOOP -> kernel.isExt4(path);
      case DIRECTORY -> ProviderName.ofData(path, kernel) == ProviderName.DIRECTORY;
      case MEMORY -> true;
    };
  }

  private Finding other(RowInventory.Row row, boolean lost) {
    return Finding.of(
        Severity.ERROR,
        "other-data",
        row.id().toString(),
        "what lies in the place of the data of "
            + (lost ? "lost volume '" : "volume '")
            + row.name()
            + "' is none that a "
            + row.provider().text()
            + " volume has: "
            + kernel.display(row.provider().data(row.id(), false)));
  }

  private Finding missing(Volume volume) {
    return Finding.of(
            Severity.ERROR,
            "missing-data",
            volume.id.toString(),
            "the data of volume '" + volume.name + "' is not on this host")
        .withRemedy(
            "mark it as lost",
            () -> turn(volume.id, VolumeState.AVAILABLE, VolumeState.LOST, "its data is missing"));
  }

  private static Finding lost(RowInventory.Row row) {
    return Finding.of(
        Severity.ERROR,
        "lost-volume",
        row.id().toString(),
        "volume '"
            + row.name()
            + "' is lost; 'rnx admin recover' says whether its data is in the pool; bring it back, or"
            + " delete the volume");
  }

  private Finding found(RowInventory.Row row) {
    return Finding.of(
            Severity.WARNING,
            "found-data",
            row.id().toString(),
            "the data of lost volume '" + row.name() + "' is there again")
        .withRemedy(
            "make it available", () -> turn(row.id(), VolumeState.LOST, VolumeState.AVAILABLE, ""));
  }

  /**
   * The move into the trash is not synced, since the row decides: a power cut can take it back. Or
   * somebody had the volume back, and the rows are of a time before that.
   */
  private Finding notInTrash(RowInventory.Row row, boolean inPlace) {
    Finding finding =
        Finding.of(
            Severity.WARNING,
            inPlace ? "not-in-trash" : "missing-trash",
            row.id().toString(),
            inPlace
                ? "volume '" + row.name() + "' is deleted, but its data is not in the trash"
                : "volume '"
                    + row.name()
                    + "' in the trash has no data there and cannot be undeleted; 'rnx admin recover' says"
                    + " whether it is elsewhere in the pool");
    return inPlace
        ? finding.withRemedy(
            "move it there, and keep it for a whole retention from now", () -> trashAgain(row.id()))
        : finding;
  }

  /** Its time begins anew before it is moved: what is purged at once must not come there. */
  private void trashAgain(UUID id) {
    try (Held held = locks.lock(id)) {
      Optional<Volume> trashed =
          transactions
              .call(() -> volumes.reload(id).filter(v -> v.state() == VolumeState.TRASHED))
              .filter(v -> host.ask(() -> providers.of(v).present(v)));
      trashed.ifPresent(v ->
          transactions.run(
              () -> volumes.reload(id).ifPresent(now -> Retention.beginForFound(now, retention))));
      trashed.ifPresent(
          v -> repairs.apply("repair-trash", providers.of(v).trash(v), v.subject(null)));
    }
  }

  /** The volume, if under its lock it still is in that state and its data still is not there. */
  private Optional<Volume> reconsider(UUID id, VolumeState state) {
    try (Held held = locks.lock(id)) {
      return transactions
          .call(() -> volumes.reload(id).filter(v -> v.state() == state))
          .filter(v -> !host.ask(() -> providers.of(v).present(v)));
    }
  }

  private void turn(UUID id, VolumeState from, VolumeState to, String reason) {
    try (Held held = locks.lock(id)) {
      transactions.run(() ->
          volumes
              .reload(id)
              .filter(v -> v.state() == from)
              .ifPresent(v -> {
                v.become(to);
                v.reason = reason;
              }));
    }
  }

  private static boolean expected(RowInventory.Row row, HostInventory host) {
    return switch (row.provider()) {
      case BTRFS, DIRECTORY -> host.volumes().contains(row.id().toString());
      case LOOP -> host.images().contains(row.id() + ".ext4");
      case MEMORY -> true;
    };
  }

  private static boolean inTrash(RowInventory.Row row, HostInventory host) {
    return host.trash().contains(row.id().toString());
  }
}
