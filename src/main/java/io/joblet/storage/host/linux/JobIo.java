package io.joblet.storage.host.linux;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.LimitJobIo;
import io.joblet.storage.host.IoLimits;
import io.joblet.storage.host.ManagedPath;
import java.util.List;

/** Limits of a job's I/O; see docs/decisions/0014. */
final class JobIo {
  void limit(LimitJobIo step) {
    if (!step.limits().none()) {
      throw new HostException("there are no limits yet", "EOPNOTSUPP");
    }
  }

  void lift(LimitJobIo step) {
    limit(new LimitJobIo(step.job(), step.volume(), IoLimits.NONE));
  }

  List<String> unenforced(@SuppressWarnings("unused") ManagedPath volume, IoLimits limits) {
    return limits.none() ? List.of() : List.of("there are no limits yet");
  }
}
