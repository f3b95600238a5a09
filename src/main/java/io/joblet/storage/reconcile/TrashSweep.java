package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.Providers;
import io.joblet.storage.volume.Retention;
import io.joblet.storage.volume.SpaceReclaimer;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumePurge;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Purges what has been in the trash for long enough, and earlier what the pool needs the space of.
 */
@ApplicationScoped
public class TrashSweep implements SpaceReclaimer {
  private static final Logger LOG = Logger.getLogger(TrashSweep.class);

  /** How long the kernel's cleaner of deleted subvolumes is waited for. */
  private static final Duration CLEANER_LIMIT = Duration.ofSeconds(10);

  /** The same for one subvolume of which nobody knows what it held, while others are left. */
  private static final Duration UNCOUNTED_LIMIT = Duration.ofSeconds(5);

  /**
   * The same for one that held less than is needed as far as is counted: what was written before
   * quotas were switched on is not.
   */
  private static final Duration COUNTED_LIMIT = Duration.ofSeconds(1);

  private static final Duration CLEANER_PAUSE = Duration.ofMillis(50);

  private final VolumeStore volumes;
  private final VolumePurge purge;
  private final Providers providers;
  private final Transactions transactions;
  private final CurrentNode node;
  private final Host kernel;
  private final HostWork host;
  private final SweepClock clock = new SweepClock(System::nanoTime);

  TrashSweep(
      VolumeStore volumes,
      VolumePurge purge,
      Providers providers,
      Transactions transactions,
      CurrentNode node,
      Host kernel,
      HostWork host) {
    this.volumes = volumes;
    this.purge = purge;
    this.providers = providers;
    this.transactions = transactions;
    this.node = node;
    this.kernel = kernel;
    this.host = host;
  }

  /** Sweeps, or only says what a sweep would do now. */
  public synchronized List<Swept> run(boolean dryRun) {
    List<Volume> trashed = transactions.call(this::oldestFirst);
    clock.keepOnly(trashed.stream().map(v -> v.id).collect(Collectors.toSet()));
    List<Swept> swept = new ArrayList<>();
    for (Volume volume : trashed) {
      Duration retention = Retention.of(volume);
      Duration age = clock.age(volume.id, volume.deletedAt, Instant.now(), retention);
      if (age.compareTo(retention) >= 0) {
        swept.add(purge(volume, "in the trash for " + age.toSeconds() + " s", dryRun));
      }
    }
    return swept;
  }

  /**
   * Purges the oldest, and no more than is needed by what they are known to hold, or are seen to
   * have given back, which can be more than is counted; waits for btrfs, which gives space back
   * some time after. Nothing is purged where all of them together do not hold so much.
   */
  @Override
  public void reclaim(long bytes) {
    long goal = free() + bytes;
    long end = System.nanoTime() + CLEANER_LIMIT.toNanos();
    boolean purged = false;
    long promised = 0;
    List<Volume> trashed = transactions.call(this::oldestFirst);
    Map<UUID, Long> held = trashed.stream().collect(Collectors.toMap(v -> v.id, this::held));
    if (!held.containsValue(0L) && held.values().stream().mapToLong(h -> h).sum() < bytes) {
      LOG.infof("the trash does not hold %d bytes that the pool is short of; it stays", bytes);
      return;
    }
    for (Volume volume : trashed) {
      Swept swept = purge(volume, "the pool is short of space", false);
      LOG.infof("purged %s early: %s %s", volume.name, swept.reason(), swept.error());
      purged |= swept.done();
      promised += swept.done() ? held.get(volume.id) : 0;
      if (promised >= bytes || Thread.currentThread().isInterrupted()) {
        break;
      }
      if (swept.done() && awaitFree(goal, Math.min(end, waitFor(volume, held.get(volume.id))))) {
        return;
      }
    }
    if (purged) {
      awaitFree(goal, System.nanoTime() + CLEANER_LIMIT.toNanos());
    }
  }

  /** As counted by a quota group; an image holds all of its size; 0 where nobody counts. */
  private long held(Volume volume) {
    return switch (volume.provider) {
      case BTRFS -> host.ask(() -> providers.of(volume).usedBytes(volume)).orElse(0L);
      case LOOP -> volume.sizeBytes;
      case MEMORY, DIRECTORY -> 0;
    };
  }

  /** Only the kernel's cleaner takes its time. */
  private static long waitFor(Volume volume, long held) {
    Duration wait =
        volume.provider != ProviderName.BTRFS
            ? Duration.ZERO
            : held == 0 ? UNCOUNTED_LIMIT : COUNTED_LIMIT;
    return System.nanoTime() + wait.toNanos();
  }

  /**
   * Whether so much is free, by that time.
   *
   * @param end as System.nanoTime; one that has passed is no time to wait, but a look
   */
  private boolean awaitFree(long goal, long end) {
    try {
      while (true) {
        host.apply("sync", HostPlan.of(new HostOperation.Sync(ManagedRoot.VOLUMES)));
        if (free() >= goal) {
          return true;
        }
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        Thread.sleep(CLEANER_PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private long free() {
    return host.ask(() -> kernel.space(ManagedRoot.VOLUMES)).freeBytes();
  }

  private Swept purge(Volume volume, String reason, boolean dryRun) {
    return Swept.perform(
        volume.id,
        volume.name,
        reason,
        dryRun,
        () -> {
          if (!purge.purge(volume.id, volume.deletedAt, Caller.daemon(volume.owner))) {
            throw new Problem.Conflict(
                "somebody works on it, or it was had back or deleted anew", null);
          }
        });
  }

  private List<Volume> oldestFirst() {
    return volumes.list(
        "nodeId = ?1 and state = ?2 order by deletedAt", node.id(), VolumeState.TRASHED);
  }
}
