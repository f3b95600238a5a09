package io.joblet.storage.grpc;

import io.joblet.storage.job.MountPath;
import io.joblet.storage.job.WantedMount;
import io.joblet.storage.problem.Checks;
import io.joblet.storage.v1.VolumeMount;
import io.joblet.storage.volume.AccessMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Volumes that a request asks for, checked. */
final class Mounts {
  private Mounts() {}

  /** The field {@code volumes}. */
  static List<WantedMount> of(Checks checks, List<VolumeMount> mounts, int least, int most) {
    int count = mounts.size();
    checks.require(count >= least && count <= most, "volumes", "must be " + least + " to " + most);
    List<WantedMount> wanted = new ArrayList<>();
    for (int i = 0; i < Math.min(count, most); i++) {
      wanted.add(one(checks, "volumes[" + i + "].", mounts.get(i)));
    }
    return wanted;
  }

  static WantedMount one(Checks checks, String prefix, VolumeMount mount) {
    String volume = Fields.reference(checks, prefix + "volume", mount.getVolume());
    Optional<MountPath> path =
        Fields.mountPath(checks, prefix + "mount_path", mount.getMountPath());
    AccessMode mode = Fields.access(checks, prefix + "access_mode", mount.getAccessMode());
    return new WantedMount(volume, path, mount.getReadOnly(), mode);
  }
}
