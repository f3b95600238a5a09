package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.host.Host.Quotas;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Repairs;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.reconcile.Finding.Severity;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.Providers;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Quota groups whose limit is not the row's, or that the data is not in: somebody changed it, or a
 * power cut lost it. Under plain quotas none could be set, as {@link QuotaCheck} says of all.
 */
@ApplicationScoped
class LimitCheck implements Check {
  /** One in the trash can be had back, and is then as large as it was. */
  static final Set<VolumeState> LIMITED = EnumSet.of(VolumeState.AVAILABLE, VolumeState.TRASHED);

  private final VolumeStore volumes;
  private final VolumeLocks locks;
  private final Providers providers;
  private final Transactions transactions;
  private final Repairs repairs;
  private final Host kernel;
  private final HostWork host;

  LimitCheck(
      VolumeStore volumes,
      VolumeLocks locks,
      Providers providers,
      Transactions transactions,
      Repairs repairs,
      Host kernel,
      HostWork host) {
    this.volumes = volumes;
    this.locks = locks;
    this.providers = providers;
    this.transactions = transactions;
    this.repairs = repairs;
    this.kernel = kernel;
    this.host = host;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    List<RowInventory.Row> limited = new ArrayList<>();
    for (RowInventory.Row row : rows.volumes().values()) {
      if (row.provider() == ProviderName.DIRECTORY) {
        findings.accept(
            Finding.of(
                Severity.INFO,
                "unenforced",
                row.id().toString(),
                "nothing limits the size of volume '" + row.name() + "'"));
      } else if (onHost.quotas() != Quotas.PLAIN
          && row.provider() == ProviderName.BTRFS
          && LIMITED.contains(row.state())) {
        long limit =
            Optional.ofNullable(onHost.qgroups().get(row.qgroup()))
                .map(Qgroup::limitBytes)
                .orElse(0L);
        if (limit != row.sizeBytes()) {
          findings.accept(differs(row, limit));
        } else {
          limited.add(row);
        }
      }
    }
    // All in one question, of which each takes longer to be asked than to be answered.
    host.ask(() -> limited.stream().flatMap(row -> outside(row).stream()).toList())
        .forEach(findings);
  }

  private Optional<Finding> outside(RowInventory.Row row) {
    try {
      return isOutside(row) ? Optional.of(unheld(row)) : Optional.empty();
    } catch (HostException e) {
      return Optional.of(Finding.unreadable(row, e));
    }
  }

  private boolean isOutside(RowInventory.Row row) {
    ManagedPath data = row.provider().data(row.id(), row.state() == VolumeState.TRASHED);
    return !kernel.qgroupOf(data).equals(Optional.of(row.qgroup())) && kernel.isSubvolume(data);
  }

  private Finding differs(RowInventory.Row row, long limit) {
    return Finding.of(
            Severity.ERROR,
            "limit-differs",
            row.id().toString(),
            "volume '"
                + row.name()
                + "' should be limited to "
                + row.sizeBytes()
                + " bytes, the host says "
                + (limit == 0 ? "no limit" : limit))
        .withRemedy("set the limit", () -> repair(row.id()));
  }

  /** As after {@code btrfs quota disable}: groups are made again, and nobody is in them. */
  private Finding unheld(RowInventory.Row row) {
    return Finding.of(
            Severity.ERROR,
            "limit-without-data",
            row.id().toString(),
            "the data of volume '"
                + row.name()
                + "' is not in its quota group, so nothing limits it, and what was written meanwhile"
                + " is not counted; or it is in others too, which may limit it further")
        .withRemedy("put it there and nowhere else", () -> repair(row.id()));
  }

  private void repair(UUID id) {
    try (Held held = locks.lock(id)) {
      Optional<Volume> volume =
          transactions.call(() -> volumes.reload(id).filter(v -> LIMITED.contains(v.state())));
      volume.ifPresent(
          v -> repairs.apply("repair-limit", providers.of(v).standing(v), v.subject(null)));
    }
  }
}
