package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations.Subject;
import io.joblet.storage.journal.Repairs;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.reconcile.Finding.Severity;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeRecords;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Records of volumes that are missing, damaged or older than their rows: the row decides. One
 * finding for all of them, since a daemon that is new to records finds every volume without.
 */
@ApplicationScoped
class RecordCheck implements Check {
  /** So many may have been made just now; more are those of a daemon that wrote none. */
  private static final int FEW = 100;

  private final VolumeRecords records;
  private final VolumeLocks locks;
  private final Repairs repairs;
  private final Host kernel;

  RecordCheck(VolumeRecords records, VolumeLocks locks, Repairs repairs, Host kernel) {
    this.repairs = repairs;
    this.records = records;
    this.locks = locks;
    this.kernel = kernel;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    Map<UUID, Long> wanted = records.checksums();
    List<UUID> behind =
        wanted.entrySet().stream()
            .filter(e -> rows.volumes().containsKey(e.getKey()))
            .filter(e -> !e.getValue().equals(onHost.records().get(name(e.getKey()))))
            .map(Map.Entry::getKey)
            .toList();
    if (behind.size() <= FEW) {
      behind = behind.stream().filter(this::stillBehind).toList();
    }
    if (!behind.isEmpty()) {
      findings.accept(behind(behind));
    }
    for (String name : onHost.records().keySet()) {
      Optional<UUID> unfinished = volumeOf(name, Layout.RECORD + Layout.UNFINISHED);
      if (unfinished.isPresent()) {
        findings.accept(unfinished(unfinished.get()));
        continue;
      }
      Optional<UUID> id = volumeId(name);
      if (id.isEmpty() || !rows.volumes().containsKey(id.get())) {
        findings.accept(
            Finding.of(
                Severity.INFO,
                "unknown-record",
                kernel.display(ManagedPath.of(ManagedRoot.VOLUMES, Layout.RECORDS + "/" + name)),
                "no row explains it; it is what a lost row said"));
      }
    }
  }

  private Finding behind(List<UUID> ids) {
    return Finding.of(
            Severity.INFO,
            "old-records",
            kernel.display(ManagedPath.of(ManagedRoot.VOLUMES, Layout.RECORDS)),
            ids.size() + " volumes have no record, or one that is not what their rows say")
        .withRemedy("write them", () -> write(ids));
  }

  /** A daemon was killed while it wrote what the record was already. */
  private Finding unfinished(UUID id) {
    ManagedPath path = Layout.unfinished(Layout.record(id));
    return Finding.of(
            Severity.INFO,
            "unfinished-record",
            kernel.display(path),
            "a daemon that was killed has left it")
        .withRemedy(
            "remove it",
            () -> {
              try (Held held = locks.lock(id)) {
                HostPlan plan = HostPlan.of(new HostOperation.RemoveFile(path));
                repairs.apply("remove-record", plan, Subject.unknown(id));
              }
            });
  }

  private boolean stillBehind(UUID id) {
    try (Held held = locks.lock(id)) {
      return records.isBehind(id);
    }
  }

  /** All that can be; the first of those that cannot is what is told. */
  private void write(List<UUID> ids) {
    Problem first = null;
    for (UUID id : ids) {
      try (Held held = locks.lock(id)) {
        records.bringUp(id);
      } catch (Problem e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static String name(UUID id) {
    return Layout.record(id).name();
  }

  /** Whose record that would be, by its name alone. */
  static Optional<UUID> volumeId(String name) {
    return volumeOf(name, Layout.RECORD);
  }

  private static Optional<UUID> volumeOf(String name, String end) {
    if (!name.endsWith(end)) {
      return Optional.empty();
    }
    try {
      UUID id = UUID.fromString(name.substring(0, name.length() - end.length()));
      return Optional.of(id).filter(i -> name.equals(i + end));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
