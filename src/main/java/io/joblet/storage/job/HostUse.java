package io.joblet.storage.job;

import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Permission;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * What reaches out of a job and is therefore for few: a directory of the host, its network, user or
 * group 0 unless everybody's jobs run so, and its processes.
 */
@ApplicationScoped
class HostUse {
  private final boolean rootIsUsual;

  HostUse(StorageConfig config) {
    this.rootIsUsual = config.job().uid() == 0 || config.job().gid() == 0;
  }

  /**
   * Refuses it to those who may not.
   *
   * @throws Problem.Denied naming what is needed
   */
  void require(Identity identity, JobBuilding.Order order) {
    NewFilesystem filesystem = order.job().filesystem();
    boolean root = !rootIsUsual && (filesystem.uid() == 0 || filesystem.gid() == 0);
    boolean network = order.run().map(r -> !r.ownNetwork()).orElse(false);
    if (filesystem.directory().isPresent() || root || network) {
      identity.require(Permission.USE_HOST);
    }
  }

  /** {@link #require}, of what a job lives by. */
  void require(Identity identity, Liveness liveness) {
    if (liveness instanceof Liveness.OfProcess) {
      identity.require(Permission.USE_HOST);
    }
  }
}
