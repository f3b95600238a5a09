package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import java.nio.file.Path;
import java.util.List;

/**
 * An almost empty mount namespace that every job's begins as a copy of. A copy of the host's would
 * cost a copy of each of its mounts, and with thousands of prepared file systems there are many.
 */
final class SeedNamespace {
  private static final int DEADLINE_MILLIS = 30_000;

  private SeedNamespace() {}

  /** Made by a process that has ended when this returns; the descriptor alone keeps it. */
  static Descriptor make(String shim, Path anyDirectory, Processes processes) {
    Descriptor[] control = Syscalls.pipe();
    Descriptor[] report = Syscalls.pipe();
    try (Descriptor control0 = control[0];
        Descriptor control1 = control[1];
        Descriptor report0 = report[0];
        Descriptor report1 = report[1];
        Descriptor nothing = Syscalls.open("/dev/null", Syscalls.O_RDWR)) {
      long pid =
          Spawn.start(
              shim,
              List.of("joblet-shim", "seed", anyDirectory.toString()),
              List.of(control0, report1, nothing));
      report1.close();
      control0.close();
      try (PidDescriptor process =
          PidDescriptor.open(processes.identify(pid).orElseThrow(), processes).orElseThrow()) {
        ShimReport line = new ShimReports(report0).next(DEADLINE_MILLIS);
        if (!line.is("ready")) {
          process.kill(9);
          process.ended(DEADLINE_MILLIS);
          process.reap();
          throw new HostException("no mount namespace for jobs: " + line.text(), line.errno());
        }
        Descriptor namespace = Syscalls.open("/proc/" + pid + "/ns/mnt", Syscalls.O_RDONLY);
        control1.close();
        process.ended(DEADLINE_MILLIS);
        process.reap();
        return namespace;
      }
    }
  }
}
