package io.joblet.storage.journal;

import io.joblet.storage.host.HostPlan;
import io.joblet.storage.journal.Operations.Subject;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Makes the host what the rows already say it is, and leaves a record of it, also when it failed.
 * No row changes but that one, so a crash in between leaves nothing to settle: the next inspection
 * finds what it finds.
 *
 * <p>The caller holds the locks of what is mended, and no transaction.
 */
@ApplicationScoped
public class Repairs {
  private final HostWork host;
  private final Operations operations;
  private final Transactions transactions;

  Repairs(HostWork host, Operations operations, Transactions transactions) {
    this.host = host;
    this.operations = operations;
    this.transactions = transactions;
  }

  /**
   * Applies the plan, all or nothing.
   *
   * @param kind what the record and the metrics call it, e.g. {@code repair-limit}
   * @throws Problem when the host refuses; {@link Problem.Unavailable} when the host was mended but
   *     the database could not be told
   */
  public void apply(String kind, HostPlan plan, Subject subject) {
    conclude(host.apply(kind, plan), subject);
  }

  /** Applies what may be there already, and undoes nothing of it; errors are those of the above. */
  public void repeat(String kind, HostPlan plan, Subject subject) {
    conclude(host.repeat(kind, plan), subject);
  }

  /** Undoes the plan, as far as it goes; errors are those of {@link #apply}. */
  public void undo(String kind, HostPlan plan, Subject subject) {
    conclude(host.undo(kind, plan), subject);
  }

  private void conclude(Deed deed, Subject subject) {
    transactions.run(() -> operations.record(deed, subject, Caller.daemon(subject.owner())));
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
  }
}
