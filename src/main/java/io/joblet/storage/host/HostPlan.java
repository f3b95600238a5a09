package io.joblet.storage.host;

import java.util.ArrayList;
import java.util.List;

/**
 * Steps in the order in which they are applied. A plan is a pure function of database rows:
 * computed again after a crash it is the same, which is what makes the row the journal.
 */
public record HostPlan(List<HostOperation> operations) {
  private static final HostPlan EMPTY = new HostPlan(List.of());

  public HostPlan {
    operations = List.copyOf(operations);
  }

  public static HostPlan of(HostOperation... operations) {
    return new HostPlan(List.of(operations));
  }

  public static HostPlan empty() {
    return EMPTY;
  }

  public HostPlan then(HostPlan next) {
    List<HostOperation> all = new ArrayList<>(operations);
    all.addAll(next.operations);
    return new HostPlan(all);
  }

  public boolean isEmpty() {
    return operations.isEmpty();
  }
}
