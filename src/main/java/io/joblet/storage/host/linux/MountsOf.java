package io.joblet.storage.host.linux;

import io.joblet.storage.host.MountEntry;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The mounts of one namespace. Each answer is in the order of mounting. */
interface MountsOf {
  /**
   * Those on a device.
   *
   * @param device as in mountinfo, e.g. {@code 8:1}
   */
  List<MountEntry> on(String device);

  /**
   * Those at a path and below it, if the namespace has one there that is on one of the devices;
   * else perhaps none.
   *
   * @param devices empty if no device is known: then all
   */
  List<MountEntry> below(String path, Set<String> devices);

  /** By its id in mountinfo. */
  Optional<MountEntry> byId(long mountId);
}
