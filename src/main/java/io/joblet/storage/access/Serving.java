package io.joblet.storage.access;

import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether the daemon serves everything, or only a few methods until an operator has decided
 * something. Safe for use by event loops.
 */
@ApplicationScoped
public class Serving {
  private volatile Restriction restriction;

  private record Restriction(Set<Permission> only, Supplier<Problem> otherwise) {}

  /** From now on all but these methods are refused with that problem. */
  public void only(Set<Permission> methods, Supplier<Problem> otherwise) {
    restriction = new Restriction(Set.copyOf(methods), otherwise);
  }

  /** From now on everything is served. */
  public void everything() {
    restriction = null;
  }

  /**
   * For an edge that asks for no single method.
   *
   * @throws Problem.InTheWay as {@link #only} was told
   */
  public void requireEverything() {
    Restriction now = restriction;
    if (now != null) {
      throw now.otherwise().get();
    }
  }

  void require(Permission permission) {
    Restriction now = restriction;
    if (now != null && !now.only().contains(permission)) {
      throw now.otherwise().get();
    }
  }
}
