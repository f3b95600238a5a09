package io.joblet.storage.host.linux;

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

/** What an operation is about, for its error message. */
final class Subject {
  private Subject() {}

  static String of(HostOperation operation) {
    return switch (operation) {
      case MakeDirectory s -> s.path().toString();
      case MakeQgroup s -> "1/" + s.qgroup();
      case HoldInQgroup s -> "1/" + s.qgroup();
      case SwitchQuotasOn s -> "the pool";
      case LimitQgroup s -> "1/" + s.qgroup();
      case MakeSubvolume s -> s.path().toString();
      case SetOwnership s -> s.path().toString();
      case Sync s -> s.root().toString();
      case Move s -> s.from() + " to " + s.to();
      case MakeImage s -> s.image().toString();
      case MountImage s -> s.image() + " at " + s.target();
      case GrowImage s -> s.image().toString();
      case ShrinkImage s -> s.image().toString();
      case MountTmpfs s -> s.target().toString();
      case LimitTmpfs s -> s.target().toString();
      case BindMount s -> s.source() + " at " + s.target();
      case PurgeSubvolume s -> s.path().toString();
      case RemoveQgroup s -> "1/" + s.qgroup();
      case WriteFile s -> s.path().toString();
      case RemoveFile s -> s.path().toString();
      case PurgeDirectory s -> s.path().toString();
      case MountJobRoot s -> s.target().toString();
      case MakeJobCgroup s -> s.job().toString();
      case LimitJobIo s -> s.job() + " on " + s.volume();
    };
  }
}
