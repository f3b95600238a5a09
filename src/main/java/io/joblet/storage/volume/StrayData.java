package io.joblet.storage.volume;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Data that is in the pool and not where its row says, as after the return of an older database.
 * With the row its record and its quota group would go, and nobody could tell any more whose it is.
 */
@ApplicationScoped
class StrayData {
  private final Host kernel;
  private final HostWork host;

  StrayData(Host kernel, HostWork host) {
    this.kernel = kernel;
    this.host = host;
  }

  /**
   * For who is about to purge the volume.
   *
   * @throws Problem.InTheWay when its data is neither in its place nor in the trash, and set aside
   */
  void refuseSetAside(Volume volume) {
    if (host.ask(
        () ->
            !kernel.exists(volume.provider.data(volume.id, false))
                && !kernel.exists(Layout.trash(volume.id))
                && exists(Layout.setAside(volume.id)))) {
      throw found(volume, "set aside in " + Layout.QUARANTINE);
    }
  }

  /**
   * For who is about to delete a volume that is LOST.
   *
   * @throws Problem.InTheWay when its data is in the trash or set aside
   */
  void refuseToDelete(Volume lost) {
    refuseSetAside(lost);
    if (host.ask(() -> kernel.exists(Layout.trash(lost.id)))) {
      throw found(lost, "in the trash");
    }
  }

  private boolean exists(List<ManagedPath> paths) {
    return paths.stream().anyMatch(kernel::exists);
  }

  private static Problem found(Volume volume, String where) {
    return new Problem.InTheWay(
        "STATE",
        "volume/" + volume.name,
        "the data of volume '"
            + volume.name
            + "' is "
            + where
            + "; 'rnx admin recover' brings it back, and then it can be deleted");
  }
}
