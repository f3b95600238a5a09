package io.joblet.storage.volume;

import io.joblet.storage.config.Size;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.EnumMap;
import java.util.Map;

/**
 * Who may claim how much. Claims of all volumes are counted in memory, which is right because one
 * daemon alone makes volumes on a node; {@link ClaimRecount} counts them anew from the rows. Claims
 * change only while the volume is held in {@link VolumeLocks}.
 */
@ApplicationScoped
public class Capacity {
  private static final long BYTES_PER_INODE = 1024;
  private static final long FEWEST_INODES = 16;

  private final StorageConfig config;
  private final Host host;
  private final HostWork hostWork;
  private final Instance<SpaceReclaimer> reclaimers;
  private final Object reclaiming = new Object();
  private final Map<VolumeType, Long> claimed = new EnumMap<>(VolumeType.class);
  private long changes;

  Capacity(
      StorageConfig config, Host host, HostWork hostWork, Instance<SpaceReclaimer> reclaimers) {
    this.config = config;
    this.host = host;
    this.hostWork = hostWork;
    this.reclaimers = reclaimers;
  }

  /** Grows with every claim and release. */
  synchronized long changes() {
    return changes;
  }

  /** Takes sums found in the rows, unless there were more than {@code changes} since. */
  synchronized boolean reset(long filesystemBytes, long memoryBytes, long changesBefore) {
    if (changes != changesBefore) {
      return false;
    }
    claimed.put(VolumeType.FILESYSTEM, filesystemBytes);
    claimed.put(VolumeType.MEMORY, memoryBytes);
    return true;
  }

  /**
   * Whether a size can be right for that type at all.
   *
   * @throws Problem.Invalid if not
   */
  public void checkSize(VolumeType type, long sizeBytes) {
    Size min =
        type == VolumeType.MEMORY ? config.memory().minSize() : config.filesystem().minSize();
    Size max =
        type == VolumeType.MEMORY ? config.memory().maxSize() : config.filesystem().maxSize();
    if (sizeBytes < min.bytes() || sizeBytes > max.bytes()) {
      throw new Problem.Invalid(
          "size_bytes",
          "must be from "
              + min.bytes()
              + " ("
              + min.human()
              + ") to "
              + max.bytes()
              + " ("
              + max.human()
              + ") for a "
              + type.name().toLowerCase(java.util.Locale.ROOT)
              + " volume, was "
              + sizeBytes);
    }
  }

  /**
   * Whether so many inodes can be right for that size: each costs disk or memory of its own, and
   * mke2fs(8) makes at most one for 1,024 bytes.
   *
   * @param inodeLimit 0: none of its own
   * @throws Problem.Invalid if not
   */
  public void checkInodes(long sizeBytes, long inodeLimit) {
    long most = Math.max(FEWEST_INODES, sizeBytes / BYTES_PER_INODE);
    if (inodeLimit > most) {
      throw new Problem.Invalid(
          "inode_limit",
          "must be at most " + most + " for " + sizeBytes + " bytes, was " + inodeLimit);
    }
  }

  /**
   * Claims room for a new or larger volume; whoever does not go through with it calls {@link
   * #release}.
   *
   * @param bytes how much is new
   * @param sizeBytes how large the volume will be altogether
   * @throws Problem.Exhausted naming the limit
   */
  public void claim(VolumeType type, long bytes, long sizeBytes, boolean allocatedAtOnce) {
    switch (type) {
      case MEMORY -> claimUpTo(type, bytes, memoryBudgetBytes(), "joblet.memory.budget");
      case FILESYSTEM -> {
        Host.Space pool = pool();
        // Before anything is purged for it.
        requireFits(sizeBytes, pool);
        requireFree(allocatedAtOnce ? bytes : 0, pool);
        double ratio = config.pool().maxOvercommit();
        long most = ratio > 0 ? (long) (pool.sizeBytes() * ratio) : Long.MAX_VALUE;
        claimUpTo(type, bytes, most, "joblet.pool.max-overcommit");
      }
    }
  }

  public synchronized void release(VolumeType type, long bytes) {
    changes++;
    claimed.merge(type, -bytes, Long::sum);
  }

  /** Sum of the sizes of all volumes of that type, the trash included. */
  public synchronized long claimed(VolumeType type) {
    return claimed.getOrDefault(type, 0L);
  }

  /** Configured, or a quarter of the host's memory. */
  public long memoryBudgetBytes() {
    return config.memory().budget().map(Size::bytes).orElseGet(HostMemory::quarterBytes);
  }

  /** What is in the pool now. */
  public Host.Space pool() {
    return hostWork.ask(() -> host.space(ManagedRoot.VOLUMES));
  }

  private void requireFits(long sizeBytes, Host.Space pool) {
    if (sizeBytes > pool.sizeBytes() - config.pool().reserve().bytes()) {
      throw new Problem.Exhausted(
          "joblet.pool.size",
          new Size(sizeBytes).human() + " is more than the pool can ever hold",
          "it has "
              + new Size(pool.sizeBytes()).human()
              + " in all, "
              + config.pool().reserve().human()
              + " of it in reserve");
    }
  }

  /**
   * That the pool has so much free beside its reserve; the trash is purged for it.
   *
   * @throws Problem.Exhausted naming the reserve
   */
  public void requireFree(long bytes) {
    requireFree(bytes, pool());
  }

  private void requireFree(long bytes, Host.Space seen) {
    long wanted = bytes + config.pool().reserve().bytes();
    Host.Space pool = seen.freeBytes() < wanted ? reclaim(wanted) : seen;
    if (pool.freeBytes() < wanted) {
      throw new Problem.Exhausted(
          "joblet.pool.reserve",
          bytes > 0
              ? "the pool has no " + new Size(bytes).human() + " free"
              : "the pool has nothing free",
          "it has "
              + new Size(pool.freeBytes()).human()
              + " free and keeps "
              + config.pool().reserve().human()
              + " in reserve");
    }
  }

  /**
   * One after the other, so that no two purge for what one of them would have got free for both.
   */
  private Host.Space reclaim(long wanted) {
    synchronized (reclaiming) {
      Host.Space pool = pool();
      long missing = wanted - pool.freeBytes();
      if (missing > 0) {
        reclaimers.forEach(r -> r.reclaim(missing));
        pool = pool();
      }
      return pool;
    }
  }

  private synchronized void claimUpTo(VolumeType type, long bytes, long most, String limit) {
    long now = claimed(type);
    if (bytes > most - now) {
      throw new Problem.Exhausted(
          limit,
          new Size(bytes).human() + " are asked for, more than this host has left",
          new Size(now).human() + " of " + new Size(most).human() + " are taken");
    }
    changes++;
    claimed.put(type, now + bytes);
  }
}
