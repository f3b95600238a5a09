package io.joblet.storage.volume;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;

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
   * For a sweep that is about to purge the volume. A purge destroys the data wherever it is, and in
   * its place it may have been in use until an older database came back.
   *
   * @throws Problem.InTheWay when its data is in its place or set aside
   */
  void refuseToSweep(Volume trashed) {
    if (host.ask(() -> kernel.exists(trashed.provider.data(trashed.id, false)))) {
      throw inTheWay(
          trashed,
          "the data of volume '"
              + trashed.name
              + "' is not in the trash; 'rnx volume doctor --fix' moves it there");
    }
    refuseSetAside(trashed);
  }

  private void refuseSetAside(Volume volume) {
    if (host.ask(
        () ->
            !holdsData(volume.provider.data(volume.id, false), volume)
                && !holdsData(Layout.trash(volume.id), volume)
                && isSetAside(volume))) {
      throw found(volume, "set aside in " + Layout.QUARANTINE);
    }
  }

  /**
   * For who is about to delete a volume, which asks nothing of the host unless that is LOST or in
   * the trash.
   *
   * @throws Problem.InTheWay when its data is set aside, or that of one that is LOST in the trash
   *     or in its place
   */
  void refuseToDelete(Volume volume) {
    boolean lost = volume.state() == VolumeState.LOST;
    if (lost || volume.state().deleted()) {
      refuseSetAside(volume);
    }
    if (lost && host.ask(() -> kernel.exists(Layout.trash(volume.id)))) {
      throw found(volume, "in the trash");
    }
    if (lost && host.ask(() -> kernel.exists(volume.provider.data(volume.id, false)))) {
      throw inTheWay(
          volume,
          "something is in the place of the data of volume '"
              + volume.name
              + "' again; 'rnx volume doctor --fix' makes it available if that is its data");
    }
  }

  /**
   * For who is about to take back a creation: whether the volume shows that it has been used since,
   * deleted, or set aside. Of an empty one nothing is lost, and what was in memory is gone anyway.
   */
  boolean hasLived(Volume creating) {
    return creating.provider != ProviderName.MEMORY
        && host.ask(() ->
            kernel.wasUsed(creating.provider.data(creating.id, false))
                || kernel.exists(Layout.trash(creating.id))
                || isSetAside(creating));
  }

  /** Whether its data is where {@code rnx admin recover} brings it back from. */
  boolean isElsewhere(Volume volume) {
    return host.ask(() -> isSetAside(volume));
  }

  /** Beside an image that is really gone, the directory where it was mounted is no data. */
  private boolean isSetAside(Volume volume) {
    return Layout.setAside(volume.id).stream().anyMatch(path -> holdsData(path, volume));
  }

  private boolean holdsData(ManagedPath path, Volume volume) {
    return kernel.exists(path) && ProviderName.ofData(path, kernel) == volume.provider;
  }

  private static Problem found(Volume volume, String where) {
    return inTheWay(
        volume,
        "the data of volume '"
            + volume.name
            + "' is "
            + where
            + "; 'rnx admin recover' brings it back, and then it can be deleted");
  }

  private static Problem inTheWay(Volume volume, String why) {
    return new Problem.InTheWay("STATE", "volume/" + volume.name, why);
  }
}
