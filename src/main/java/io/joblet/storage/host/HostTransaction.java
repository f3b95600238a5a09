package io.joblet.storage.host;

import io.joblet.storage.host.StepRecord.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies a plan in order and, when a step fails, undoes in reverse what began, the failed step
 * included: it may have done half of its work. Only one that met an obstacle has done nothing, and
 * its undo would meet the same.
 *
 * <p>One transaction runs one plan once, on one thread. It holds nothing that a kill could lose:
 * the row in its transitional state says what was meant, and {@link #undo} with the same plan
 * finishes the work in another life of the daemon.
 */
public final class HostTransaction {
  private final Host host;
  private final List<StepRecord> trace = new ArrayList<>();

  public HostTransaction(Host host) {
    this.host = host;
  }

  /**
   * Applies every step, or none.
   *
   * @throws HostException the failed step's; failures of undo are its suppressed exceptions, and
   *     then something may be left for the reconciler
   */
  public void apply(HostPlan plan) {
    List<HostOperation> steps = plan.operations();
    for (int i = 0; i < steps.size(); i++) {
      try {
        run(steps.get(i), Outcome.APPLIED, Outcome.FAILED);
      } catch (HostException failure) {
        rollBack(steps.subList(0, failure instanceof ObstacleException ? i : i + 1), failure);
        throw failure;
      }
    }
  }

  /**
   * Applies every step, and leaves what there is where one fails: for what may have been applied
   * before, with somebody's data in it by now.
   *
   * @throws HostException the failed step's
   */
  public void repeat(HostPlan plan) {
    plan.operations().forEach(step -> run(step, Outcome.APPLIED, Outcome.FAILED));
  }

  /**
   * Undoes every step, last first. A step that cannot be undone stops it: what lies below a busy
   * mount must not be touched.
   */
  public void undo(HostPlan plan) {
    for (HostOperation step : plan.operations().reversed()) {
      run(step, Outcome.UNDONE, Outcome.UNDO_FAILED);
    }
  }

  /** What was done so far, in order. */
  public List<StepRecord> trace() {
    return List.copyOf(trace);
  }

  private void rollBack(List<HostOperation> begun, HostException failure) {
    for (HostOperation step : begun.reversed()) {
      try {
        run(step, Outcome.UNDONE, Outcome.UNDO_FAILED);
      } catch (HostException undoFailure) {
        failure.addSuppressed(undoFailure);
        return;
      }
    }
  }

  private void run(HostOperation step, Outcome good, Outcome bad) {
    long start = System.nanoTime();
    try {
      if (good == Outcome.APPLIED) {
        host.apply(step);
      } else {
        host.undo(step);
      }
      trace.add(new StepRecord(step, good, since(start), null));
    } catch (RuntimeException e) {
      HostException failure =
          e instanceof HostException h
              ? h
              : new HostException(step.kind() + " failed: " + e.getMessage(), e);
      trace.add(new StepRecord(step, bad, since(start), failure.getMessage()));
      throw failure;
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
