package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A mounted hierarchy of cgroups that is of use here: the unified one, and those of version 1 with
 * one of our controllers. Where they are mounted differs from host to host.
 *
 * @param controllers of version 1; what the unified one has is told by a file in it
 */
record CgroupMount(String path, boolean unified, Set<Controller> controllers) {

  /** The first mount of each hierarchy; one may be shown at several places. */
  static List<CgroupMount> among(List<MountEntry> mounts) {
    List<CgroupMount> found = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (MountEntry mount : mounts) {
      boolean unified = mount.type().equals("cgroup2");
      Set<Controller> controllers =
          mount.type().equals("cgroup")
              ? Controller.ofOptions(mount.superOptions())
              : Set.<Controller>of();
      if ((unified || !controllers.isEmpty()) && seen.add(mount.device())) {
        found.add(new CgroupMount(mount.target(), unified, controllers));
      }
    }
    return found;
  }
}
