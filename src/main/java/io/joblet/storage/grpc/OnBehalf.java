package io.joblet.storage.grpc;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.access.Identity;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * How another edge calls the methods of the services: as somebody, whose right to do so it has
 * checked, and at the pace of whoever reads the answer. To be called on an event loop; a method
 * that answers once may be called on any thread.
 */
public final class OnBehalf {
  private OnBehalf() {}

  /**
   * Calls within what the gRPC server would have around a call.
   *
   * @param ready whether the reader of a stream can take more; safe for use by any thread
   */
  public static <A> A of(Identity identity, BooleanSupplier ready, Supplier<A> call) {
    Context context = FlowControl.withPace(AccessControl.as(identity), ready);
    Context former = context.attach();
    try {
      return call.get();
    } finally {
      context.detach(former);
    }
  }

  /** Why a call failed, as gRPC tells it: a status with details, and nothing of the inside. */
  public static StatusRuntimeException refusal(Throwable failure) {
    return ProblemStatus.of(failure, "");
  }
}
