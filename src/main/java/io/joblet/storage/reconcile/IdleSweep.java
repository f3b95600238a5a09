package io.joblet.storage.reconcile;

import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeDeletion;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import io.joblet.storage.volume.VolumeType;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Deletes memory volumes that nobody has attached for their idle timeout. Held ones are never idle.
 */
@ApplicationScoped
public class IdleSweep {
  private final VolumeStore volumes;
  private final VolumeDeletion deletion;
  private final Transactions transactions;
  private final CurrentNode node;
  private final SweepClock clock = new SweepClock(System::nanoTime);

  IdleSweep(
      VolumeStore volumes, VolumeDeletion deletion, Transactions transactions, CurrentNode node) {
    this.volumes = volumes;
    this.deletion = deletion;
    this.transactions = transactions;
    this.node = node;
  }

  /** Sweeps, or only says what a sweep would do now. */
  public synchronized List<Swept> run(boolean dryRun) {
    List<Volume> candidates = transactions.call(this::candidates);
    clock.keepOnly(candidates.stream().map(v -> v.id).collect(Collectors.toSet()));
    List<Swept> swept = new ArrayList<>();
    for (Volume volume : candidates) {
      Duration timeout = volume.idleTimeout().orElseThrow();
      Instant lastUsed = Optional.ofNullable(volume.lastUsedAt).orElse(volume.createdAt);
      Duration age = clock.age(volume.id, lastUsed, Instant.now(), timeout);
      if (age.compareTo(timeout) >= 0) {
        String reason =
            "not attached for "
                + age.toSeconds()
                + " s, idle timeout "
                + timeout.toSeconds()
                + " s";
        swept.add(
            Swept.perform(
                volume.id, volume.name, reason, dryRun, () -> deletion.sweep(volume, reason)));
      }
    }
    return swept;
  }

  private List<Volume> candidates() {
    return volumes.list(
        "nodeId = ?1 and type = ?2 and state = ?3 and heldAs is null and isProtected = false"
            + " and idleTimeoutSeconds is not null order by id",
        node.id(),
        VolumeType.MEMORY,
        VolumeState.AVAILABLE);
  }
}
