package io.joblet.storage.reconcile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this host calls itself. */
final class HostName {
  private static final Path KERNEL_HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  private HostName() {}

  /** The kernel's name for it, proc_sys_kernel(5): no resolver is asked. */
  static String local() {
    try {
      String name = Files.readString(KERNEL_HOSTNAME).strip();
      return name.isEmpty() ? "localhost" : name;
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the host's name; set joblet.node", e);
    }
  }
}
