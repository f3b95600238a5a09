package io.joblet.storage.reconcile;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Node;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.volume.Capacity;
import io.joblet.storage.volume.Providers;
import io.joblet.storage.volume.VolumeType;
import jakarta.enterprise.context.ApplicationScoped;

/** What an operator wants to know about this daemon and its host. */
@ApplicationScoped
public class NodeStatus {
  private final CurrentNode current;
  private final Transactions transactions;
  private final Providers providers;
  private final Capacity capacity;
  private final StorageConfig config;
  private final Host host;

  NodeStatus(
      CurrentNode current,
      Transactions transactions,
      Providers providers,
      Capacity capacity,
      StorageConfig config,
      Host host) {
    this.current = current;
    this.transactions = transactions;
    this.providers = providers;
    this.capacity = capacity;
    this.config = config;
    this.host = host;
  }

  /** Sizes in bytes; allocated ones are what volumes may use, whether they do or not. */
  public record Report(
      Node node,
      String provider,
      String providerReason,
      long poolSizeBytes,
      long poolFreeBytes,
      long allocatedBytes,
      long memoryBudgetBytes,
      long memoryAllocatedBytes,
      String volumesDirectory,
      String jobsDirectory) {}

  public Report report() {
    Node node = transactions.call(() -> Node.findById(current.id()));
    String explained = providers.explain();
    Host.Space pool = capacity.pool();
    int colon = explained.indexOf(';');
    return new Report(
        node,
        colon < 0 ? explained : explained.substring(0, colon),
        colon < 0 ? host.capabilities().reason() : explained.substring(colon + 1).strip(),
        pool.sizeBytes(),
        pool.freeBytes(),
        capacity.claimed(VolumeType.FILESYSTEM),
        capacity.memoryBudgetBytes(),
        capacity.claimed(VolumeType.MEMORY),
        config.volumesDirectory(),
        config.jobsDirectory());
  }
}
