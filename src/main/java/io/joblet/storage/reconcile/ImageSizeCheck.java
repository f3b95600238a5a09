package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostException;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.reconcile.Finding.Severity;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Images that are not as long as their rows say, as after the return of an older database: the
 * image is the limit that holds. One that is on its way into the trash is looked at there the next
 * time.
 */
@ApplicationScoped
class ImageSizeCheck implements Check {
  private final VolumeStore volumes;
  private final VolumeLocks locks;
  private final Transactions transactions;
  private final Host kernel;
  private final HostWork host;

  ImageSizeCheck(
      VolumeStore volumes,
      VolumeLocks locks,
      Transactions transactions,
      Host kernel,
      HostWork host) {
    this.volumes = volumes;
    this.locks = locks;
    this.transactions = transactions;
    this.kernel = kernel;
    this.host = host;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    List<RowInventory.Row> images =
        rows.volumes().values().stream()
            .filter(row ->
                row.provider() == ProviderName.LOOP && LimitCheck.LIMITED.contains(row.state()))
            .toList();
    // All in one question, of which each takes longer to be asked than to be answered.
    List<RowInventory.Row> differing = new ArrayList<>();
    host.tell(() -> images.forEach(row -> look(row, differing, findings)));
    differing.forEach(row -> reconsider(row).ifPresent(findings));
  }

  private void look(
      RowInventory.Row row, List<RowInventory.Row> differing, Consumer<Finding> findings) {
    try {
      length(row.id(), row.state())
          .filter(bytes -> bytes != row.sizeBytes())
          .ifPresent(bytes -> differing.add(row));
    } catch (HostException e) {
      findings.accept(Finding.unreadable(row, e));
    }
  }

  /** A resize may have ended between the look at the row and the one at the image. */
  private Optional<Finding> reconsider(RowInventory.Row row) {
    try (Held held = locks.lock(row.id())) {
      return transactions
          .call(() -> volumes.reload(row.id()).filter(v -> LimitCheck.LIMITED.contains(v.state())))
          .flatMap(volume ->
              host.ask(() -> length(volume.id, volume.state()))
                  .filter(bytes -> bytes != volume.sizeBytes)
                  .map(bytes -> finding(row, volume.sizeBytes, bytes)));
    }
  }

  /** No remedy: an image that is too short may be damaged, and a resize does all there is to do. */
  private static Finding finding(RowInventory.Row row, long said, long bytes) {
    return Finding.of(
        Severity.ERROR,
        "size-differs",
        row.id().toString(),
        "the image of volume '%s' has %d bytes, its row says %d; %s"
            .formatted(
                row.name(),
                bytes,
                said,
                bytes > said
                    ? "resize the volume to that or more, and both say the same"
                    : "it may be damaged, or the row be of a time before a resize to that size"));
  }

  private Optional<Long> length(UUID id, VolumeState state) {
    return kernel.fileSize(ProviderName.LOOP.data(id, state == VolumeState.TRASHED));
  }
}
