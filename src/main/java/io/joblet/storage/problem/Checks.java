package io.joblet.storage.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects every broken rule of a request, so that the caller sees all of them at once. */
public final class Checks {
  private final List<Problem.Violation> violations = new ArrayList<>();

  /** The value, or null after noting why there is none; {@link #done} then throws. */
  public <T> T value(String field, Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      violations.add(new Problem.Violation(field, e.getMessage()));
      return null;
    } catch (Problem.Invalid e) {
      violations.addAll(e.violations());
      return null;
    }
  }

  public void require(boolean holds, String field, String rule) {
    if (!holds) {
      violations.add(new Problem.Violation(field, rule));
    }
  }

  /** Throws if anything was noted. */
  public void done() {
    if (!violations.isEmpty()) {
      throw new Problem.Invalid(violations);
    }
  }
}
