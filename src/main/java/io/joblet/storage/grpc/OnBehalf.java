package io.joblet.storage.grpc;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.access.Admission;
import io.joblet.storage.access.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * How another edge calls the methods of the services: as somebody who was admitted to the method,
 * and at the pace of whoever reads the answer. There is no way to call without being admitted.
 */
@ApplicationScoped
public class OnBehalf {
  private final Admission admission;

  OnBehalf(Admission admission) {
    this.admission = admission;
  }

  /**
   * Lets somebody call a method, or has a refused change recorded; from any thread.
   *
   * @param method its name, e.g. {@code CreateVolume}
   * @param known throws when the caller is known no longer, which ends a stream; safe for use by
   *     any thread that may wait
   * @throws io.joblet.storage.problem.Problem.Denied naming the role and the operation
   */
  public Admitted admit(Identity who, String method, Runnable known) {
    admission.admit(who, method);
    return new Admitted(who, known);
  }

  /** Somebody who may call what was asked for. */
  public static final class Admitted {
    private final Identity who;
    private final Runnable known;

    private Admitted(Identity who, Runnable known) {
      this.who = who;
      this.known = known;
    }

    /**
     * Calls within what the gRPC server would have around a call. To be called on an event loop; a
     * method that answers once may be called on any thread.
     *
     * @param ready whether the reader of a stream can take more; safe for use by any thread
     */
    public <A> A call(BooleanSupplier ready, Supplier<A> call) {
      Context context = FlowControl.withPace(AccessControl.as(who, known), ready);
      Context former = context.attach();
      try {
        return call.get();
      } finally {
        context.detach(former);
      }
    }
  }

  /** Why a call failed, as gRPC tells it: a status with details, and nothing of the inside. */
  public static StatusRuntimeException refusal(Throwable failure) {
    return ProblemStatus.of(failure, "");
  }
}
