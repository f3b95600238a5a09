package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.Pin;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The ways in which a cgroup gets empty and goes. */
final class CgroupEnd {
  private static final int SIGKILL = 9;
  private static final String KILL = "cgroup.kill";
  private static final long KILL_DEADLINE = TimeUnit.SECONDS.toNanos(10);
  private static final long REMOVE_DEADLINE = TimeUnit.SECONDS.toNanos(2);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

  private CgroupEnd() {}

  /**
   * The last process may have ended an instant ago, and then the kernel still says EBUSY; one that
   * lives makes it fail at once.
   */
  static void remove(Cgroup home, String name, Processes processes) {
    long start = System.nanoTime();
    while (true) {
      try {
        home.remove(name);
        return;
      } catch (KernelRefusal e) {
        if (!e.is(Errno.EBUSY)) {
          throw e;
        }
        Optional<Pin> living = livingIn(home, name, processes);
        if (living.isPresent() || System.nanoTime() - start > REMOVE_DEADLINE) {
          throw busy(name, living, e);
        }
        LockSupport.parkNanos(PAUSE);
      }
    }
  }

  private static Optional<Pin> livingIn(Cgroup home, String name, Processes processes) {
    try (Cgroup cgroup = home.find(name).orElse(null)) {
      return cgroup == null
          ? Optional.empty()
          : cgroup.processes().stream()
              .filter(pid -> processes.identify(pid).isPresent())
              .map(CgroupEnd::pin)
              .findFirst();
    }
  }

  /**
   * Kills what is in all of them, the same job's in each hierarchy. The unified one does it at one
   * blow (Linux 5.14). Elsewhere no further fork is let through first, so that killing one by one
   * comes to an end.
   */
  static void kill(List<Cgroup> cgroups, Processes processes) {
    long start = System.nanoTime();
    cgroups.forEach(CgroupEnd::refuseForks);
    while (true) {
      Optional<Long> left = Optional.empty();
      for (Cgroup cgroup : cgroups) {
        List<Long> members = cgroup.processes();
        if (!members.isEmpty()) {
          left = Optional.of(members.getFirst());
          if (!killAtOnce(cgroup)) {
            members.forEach(pid -> killOne(cgroup, pid, processes));
          }
        }
      }
      if (left.isEmpty()) {
        return;
      }
      if (System.nanoTime() - start > KILL_DEADLINE) {
        throw busy("cgroup", left.map(CgroupEnd::pin), null);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private static void refuseForks(Cgroup cgroup) {
    unlessAbsent(() -> cgroup.write("pids.max", "0"));
  }

  private static boolean killAtOnce(Cgroup cgroup) {
    return cgroup.unified() && unlessAbsent(() -> cgroup.write(KILL, "1"));
  }

  private static boolean unlessAbsent(Runnable write) {
    try {
      write.run();
      return true;
    } catch (KernelRefusal e) {
      if (!e.is(Errno.ENOENT, Errno.ENODEV)) {
        throw e;
      }
      return false;
    }
  }

  /** A number that still is in the cgroup after its process was held is that very process. */
  private static void killOne(Cgroup cgroup, long pid, Processes processes) {
    Optional<ProcessIdentity> identity = processes.identify(pid);
    if (identity.isEmpty()) {
      return;
    }
    try (PidDescriptor held = PidDescriptor.open(identity.get(), processes).orElse(null)) {
      if (held != null && cgroup.processes().contains(pid)) {
        held.kill(SIGKILL);
      }
    }
  }

  private static Pin pin(long pid) {
    return new Pin(pid, Processes.command(pid), "cgroup");
  }

  private static HostException busy(String name, Optional<Pin> living, KernelRefusal cause) {
    return new HostException(
        name + " is not empty" + living.map(pin -> ": " + pin).orElse(""),
        "EBUSY",
        living.stream().toList(),
        cause);
  }
}
