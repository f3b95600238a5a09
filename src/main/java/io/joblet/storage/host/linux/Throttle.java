package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.linux.FileStatus.Device;

/** The files by which a cgroup's I/O on one disk is limited. */
sealed interface Throttle permits BlkioThrottle, IoMax {

  static Throttle of(Cgroup cgroup) {
    return cgroup.unified() ? new IoMax() : new BlkioThrottle();
  }

  void write(Cgroup cgroup, Device device, IoLimits limits);

  IoLimits read(Cgroup cgroup, Device device);

  /** Writes and compares; a device that is gone has no limits any more. */
  default void set(Cgroup cgroup, Device device, IoLimits limits) {
    try {
      write(cgroup, device, limits);
    } catch (KernelRefusal e) {
      if (limits.none() && e.is(Errno.ENODEV, Errno.ENXIO)) {
        return;
      }
      throw e;
    }
    check(device, limits, read(cgroup, device));
  }

  static void check(Device device, IoLimits limits, IoLimits found) {
    if (!found.equals(limits)) {
      throw new HostException(
          "the limits of disk " + device + " are " + found + " and not " + limits, "EINVAL");
    }
  }
}
