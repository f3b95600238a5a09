package io.joblet.storage.volume;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of this host, or of the container that the daemon runs in. */
final class HostMemory {
  private HostMemory() {}

  static long quarterBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
        / 4;
  }
}
