package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.MakeJobCgroup;
import io.joblet.storage.host.JobLimits;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A cgroup for each job; see docs/decisions/0014. */
final class JobCgroups {
  void make(MakeJobCgroup step) {
    throw notYet();
  }

  void remove(UUID job) {
    throw notYet();
  }

  Set<UUID> all() {
    return Set.of();
  }

  List<String> unenforced(JobLimits limits) {
    return limits.equals(new JobLimits(0, 0)) ? List.of() : List.of("there are no cgroups yet");
  }

  void killAll(UUID job) {
    throw notYet();
  }

  private static HostException notYet() {
    return new HostException("there are no cgroups yet", "EOPNOTSUPP");
  }
}
