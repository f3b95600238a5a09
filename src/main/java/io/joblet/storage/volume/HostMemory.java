package io.joblet.storage.volume;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * The memory of this host, or of the container that the daemon runs in, as it was at the first
 * question: the JVM reads several files for an answer, and every start of a job asks.
 */
final class HostMemory {
  private static final long TOTAL_BYTES =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();

  private HostMemory() {}

  static long quarterBytes() {
    return TOTAL_BYTES / 4;
  }
}
