package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.Quotas;
import java.util.Optional;

/**
 * Switches simple quotas on (Linux 6.7, btrfs-quota(5)). Plain quota groups are no substitute: they
 * let an unprivileged user past a limit through a nested subvolume.
 */
final class SimpleQuota {
  private static final String SIMPLE = "squota";
  private static final String PLAIN = "qgroup";
  private static final String ARE_PLAIN =
      "the btrfs has plain quota groups switched on, which do not hold a limit; switch them off with"
          + " 'btrfs quota disable' and start the daemon again";

  private SimpleQuota() {}

  /** Returns why simple quotas cannot be had here, or empty when they are on. */
  static Optional<String> enable(Descriptor pool) {
    String fileSystemId = BtrfsCalls.fileSystemId(pool);
    if (state(fileSystemId) == Quotas.PLAIN) {
      return Optional.of(ARE_PLAIN);
    }
    try {
      BtrfsCalls.enableSimpleQuota(pool);
    } catch (KernelRefusal e) {
      return Optional.of("simple quotas cannot be switched on: " + e.getMessage());
    }
    String now = mode(fileSystemId);
    return now.equals(SIMPLE)
        ? Optional.empty()
        : Optional.of("simple quotas are not on after switching them on, but '" + now + "'");
  }

  static Quotas state(String fileSystemId) {
    return switch (mode(fileSystemId)) {
      case SIMPLE -> Quotas.ON;
      case PLAIN -> Quotas.PLAIN;
      default -> Quotas.OFF;
    };
  }

  /** Why there are no simple quotas, if somebody has switched them off. */
  static Optional<String> missing(String fileSystemId) {
    return switch (state(fileSystemId)) {
      case ON -> Optional.empty();
      case PLAIN -> Optional.of(ARE_PLAIN);
      case OFF ->
          Optional.of(
              "somebody has switched off the simple quotas of the pool, so that nothing has a limit;"
                  + " 'rnx volume doctor --fix' and every start switch them on");
    };
  }

  private static String mode(String fileSystemId) {
    return Sysfs.text("/sys/fs/btrfs/" + fileSystemId + "/qgroups/mode").orElse("off");
  }
}
