package io.joblet.storage.volume;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostOperation.Move;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Predicate;

/** Where the data is that a plan moves, for when neither the plan nor its undoing has succeeded. */
@ApplicationScoped
class MovedData {
  private final Host kernel;
  private final HostWork host;

  MovedData(Host kernel, HostWork host) {
    this.kernel = kernel;
    this.host = host;
  }

  /** What met an obstacle has done nothing now; a former life may have moved the data before. */
  boolean isMoved(HostPlan plan) {
    return any(plan, move -> kernel.exists(move.to()) && !kernel.exists(move.from()));
  }

  /** Somebody has taken it away. */
  boolean isGone(HostPlan plan) {
    return any(plan, move -> !kernel.exists(move.to()) && !kernel.exists(move.from()));
  }

  /**
   * The refusal of a call that has found it gone and made the volume LOST.
   *
   * @param where it should have been, e.g. {@code in the trash}
   */
  static Problem lost(Volume volume, String where) {
    return new Problem.InTheWay(
        "STATE",
        "volume/" + volume.name,
        "the data of volume '"
            + volume.name
            + "' is not "
            + where
            + "; it is LOST now, and can be deleted as that");
  }

  private boolean any(HostPlan plan, Predicate<Move> such) {
    return host.ask(
        () -> plan.operations().stream().anyMatch(step -> step instanceof Move m && such.test(m)));
  }
}
