package io.joblet.storage.volume;

import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.persistence.EntityManager;

/**
 * Counts the claims of all volumes from their rows: at a start, and after commits whose answers got
 * lost. Whoever asked for such a commit could not know whether its claim stands.
 */
@ApplicationScoped
public class ClaimRecount {
  private final Capacity capacity;
  private final VolumeLocks locks;
  private final Instance<MemoryClaims> others;
  private final Transactions transactions;
  private final EntityManager entities;
  private final CurrentNode node;
  private long recountedAt = -1;

  ClaimRecount(
      Capacity capacity,
      VolumeLocks locks,
      Instance<MemoryClaims> others,
      Transactions transactions,
      EntityManager entities,
      CurrentNode node) {
    this.capacity = capacity;
    this.locks = locks;
    this.others = others;
    this.transactions = transactions;
    this.entities = entities;
    this.node = node;
  }

  private record Sums(long filesystemBytes, long memoryBytes) {}

  /**
   * Counts, if there is a reason to. Gives up when somebody works on a volume meanwhile: the next
   * settle sweep tries again.
   */
  public synchronized void recountIfInDoubt() {
    long unknown = transactions.unknownOutcomes();
    if (unknown == recountedAt || !idle()) {
      return;
    }
    long changes = capacity.changes();
    Sums sums =
        transactions.call(() -> {
          long memory = sum(VolumeType.MEMORY);
          long scratch = others.stream().mapToLong(MemoryClaims::bytes).sum();
          return new Sums(
              sum(VolumeType.FILESYSTEM), memory + Math.min(scratch, Long.MAX_VALUE - memory));
        });
    if (idle() && capacity.reset(sums.filesystemBytes(), sums.memoryBytes(), changes)) {
      recountedAt = unknown;
    }
  }

  private boolean idle() {
    return locks.idle() && others.stream().allMatch(MemoryClaims::idle);
  }

  /**
   * While UPDATING the larger of both sizes counts. More than a number holds is the largest number:
   * nothing more can be claimed, and the daemon starts.
   */
  private long sum(VolumeType type) {
    return entities
        .createQuery(
            "select least(coalesce(sum(greatest(sizeBytes, coalesce(wantedSizeBytes, 0))), 0),"
                + " 9223372036854775807L) from Volume where nodeId = :node and type = :type",
            Long.class)
        .setParameter("node", node.id())
        .setParameter("type", type)
        .getSingleResult();
  }
}
