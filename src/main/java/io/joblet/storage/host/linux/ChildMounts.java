package io.joblet.storage.host.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mount points in the tree below one mount: the cost is that of this tree, where {@code mountinfo}
 * costs that of all mounts of the host.
 */
final class ChildMounts {
  private ChildMounts() {}

  /** Empty on a kernel that cannot tell. A mount that goes away meanwhile is left out. */
  static Optional<List<String>> targets(Descriptor onMount) {
    try {
      List<String> targets = new ArrayList<>();
      for (long id : MountQuery.inside(MountQuery.OWN, MountQuery.uniqueId(onMount))) {
        MountQuery.target(MountQuery.OWN, id).ifPresent(targets::add);
      }
      return Optional.of(targets);
    } catch (KernelRefusal e) {
      if (e.is(Errno.ENOSYS, Errno.EINVAL) || e.is(Errno.EPERM)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
