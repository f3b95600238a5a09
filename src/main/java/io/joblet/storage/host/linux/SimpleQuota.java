package io.joblet.storage.host.linux;

import java.util.Optional;

/**
 * Switches simple quotas on (Linux 6.7, btrfs-quota(5)). Plain quota groups are no substitute: they
 * let an unprivileged user past a limit through a nested subvolume.
 */
final class SimpleQuota {
  private SimpleQuota() {}

  /** Returns why simple quotas cannot be had here, or empty when they are on. */
  static Optional<String> enable(Descriptor pool) {
    String mode = mode(pool);
    if (mode.equals("qgroup")) {
      return Optional.of(
          "the btrfs has plain quota groups switched on, which do not hold a limit; "
              + "switch them off with 'btrfs quota disable' and start again");
    }
    try {
      BtrfsCalls.enableSimpleQuota(pool);
    } catch (KernelRefusal e) {
      return Optional.of("simple quotas cannot be switched on: " + e.getMessage());
    }
    String now = mode(pool);
    return now.equals("squota")
        ? Optional.empty()
        : Optional.of("simple quotas are not on after switching them on, but '" + now + "'");
  }

  private static String mode(Descriptor pool) {
    String qgroups = "/sys/fs/btrfs/" + BtrfsCalls.fileSystemId(pool) + "/qgroups/mode";
    return Sysfs.text(qgroups).orElse("off");
  }
}
