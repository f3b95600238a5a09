package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostOperation.BindMount;
import io.joblet.storage.host.HostOperation.GrowImage;
import io.joblet.storage.host.HostOperation.HoldInQgroup;
import io.joblet.storage.host.HostOperation.LimitJobIo;
import io.joblet.storage.host.HostOperation.LimitQgroup;
import io.joblet.storage.host.HostOperation.LimitTmpfs;
import io.joblet.storage.host.HostOperation.MakeDirectory;
import io.joblet.storage.host.HostOperation.MakeImage;
import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.HostOperation.MakeQgroup;
import io.joblet.storage.host.HostOperation.MakeSubvolume;
import io.joblet.storage.host.HostOperation.MountImage;
import io.joblet.storage.host.HostOperation.MountJobRoot;
import io.joblet.storage.host.HostOperation.MountTmpfs;
import io.joblet.storage.host.HostOperation.Move;
import io.joblet.storage.host.HostOperation.PurgeDirectory;
import io.joblet.storage.host.HostOperation.PurgeSubvolume;
import io.joblet.storage.host.HostOperation.RemoveFile;
import io.joblet.storage.host.HostOperation.RemoveQgroup;
import io.joblet.storage.host.HostOperation.SetOwnership;
import io.joblet.storage.host.HostOperation.ShrinkImage;
import io.joblet.storage.host.HostOperation.SwitchQuotasOn;
import io.joblet.storage.host.HostOperation.Sync;
import io.joblet.storage.host.HostOperation.WriteFile;
import java.util.Optional;

/** Which class does which operation, each way. */
final class Steps {
  private final Directories directories;
  private final SmallFiles files;
  private final Moves moves;
  private final Syncs syncs;
  private final Binds binds;
  private final Tmpfs tmpfs;
  private final Images images;
  private final TreePurge treePurge;
  private final JobRoots jobRoots;
  private final Optional<Pool> pool;
  private final JobControl control;

  /** What needs the btrfs pool. */
  record Pool(Qgroups qgroups, Subvolumes subvolumes) {}

  /** What limits jobs. */
  record JobControl(JobCgroups cgroups, JobIo io) {}

  Steps(
      Roots roots,
      Unmounts unmounts,
      Syncs syncs,
      Images images,
      Optional<Pool> pool,
      JobRoots jobRoots,
      JobControl control) {
    this.directories = new Directories(roots);
    this.files = new SmallFiles(roots);
    this.syncs = syncs;
    this.moves = new Moves(roots, syncs, pool.map(Pool::qgroups));
    this.binds = new Binds(roots, unmounts);
    this.tmpfs = new Tmpfs(roots, unmounts);
    this.images = images;
    this.treePurge = new TreePurge(roots);
    this.pool = pool;
    this.jobRoots = jobRoots;
    this.control = control;
  }

  void apply(HostOperation operation) {
    switch (operation) {
      case MakeDirectory s -> directories.make(s);
      case MakeQgroup s -> pool().qgroups().make(s.qgroup(), s.limitBytes());
      case HoldInQgroup s -> pool().subvolumes().hold(s.path(), s.qgroup(), s.limitBytes());
      case SwitchQuotasOn s -> pool().qgroups().switchOn();
      case LimitQgroup s -> pool().qgroups().limit(s.qgroup(), s.limitBytes());
      case MakeSubvolume s -> pool().subvolumes().make(s.path(), s.qgroup());
      case SetOwnership s -> directories.setOwnership(s);
      case Sync s -> syncs.sync(s.root());
      case Move s -> moves.move(s.from(), s.to());
      case MakeImage s -> images.make(s);
      case MountImage s -> images.mount(s);
      case GrowImage s -> images.grow(s);
      case ShrinkImage s -> images.shrink(s);
      case MountTmpfs s -> tmpfs.mount(s);
      case LimitTmpfs s -> tmpfs.limit(s, s.sizeBytes());
      case BindMount s -> binds.bind(s);
      case PurgeSubvolume s -> pool().subvolumes().purge(s.path());
      case RemoveQgroup s -> pool().qgroups().remove(s.qgroup());
      case WriteFile s -> files.write(s.path(), s.content());
      case RemoveFile s -> directories.removeFile(s.path());
      case PurgeDirectory s -> treePurge.purge(s.path());
      case MountJobRoot s -> jobRoots.mount(s);
      case MakeJobCgroup s -> control.cgroups().make(s);
      case LimitJobIo s -> control.io().limit(s);
    }
  }

  void undo(HostOperation operation) {
    switch (operation) {
      case MakeDirectory s -> directories.unmake(s);
      case MakeQgroup s -> pool().qgroups().remove(s.qgroup());
      case LimitQgroup s -> pool().qgroups().limitAgain(s.qgroup(), s.formerLimitBytes());
      case MakeSubvolume s -> pool().subvolumes().purge(s.path());
      case Move s -> moves.move(s.to(), s.from());
      case MakeImage s -> images.unmake(s);
      case MountImage s -> images.unmount(s);
      case MountTmpfs s -> tmpfs.unmount(s);
      case LimitTmpfs s -> tmpfs.limit(s, s.formerSizeBytes());
      case BindMount s -> binds.unbind(s);
      case MountJobRoot s -> jobRoots.unmount(s);
      case MakeJobCgroup s -> control.cgroups().remove(s.job());
      case LimitJobIo s -> control.io().lift(s);
      case WriteFile s -> files.remove(s.path());
      case HoldInQgroup s -> nothing(s);
      case SwitchQuotasOn s -> nothing(s);
      case SetOwnership s -> nothing(s);
      case Sync s -> nothing(s);
      case GrowImage s -> images.ungrow(s);
      case ShrinkImage s -> images.unshrink(s);
      case PurgeSubvolume s -> nothing(s);
      case RemoveQgroup s -> nothing(s);
      case RemoveFile s -> nothing(s);
      case PurgeDirectory s -> nothing(s);
    }
  }

  private static void nothing(@SuppressWarnings("unused") HostOperation withoutUndo) {}

  private Pool pool() {
    return pool.orElseThrow(() ->
        new HostException(
            "there is no btrfs pool on this host; 'rnx admin node' says why", "EOPNOTSUPP"));
  }
}
