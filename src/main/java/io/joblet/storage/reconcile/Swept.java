package io.joblet.storage.reconcile;

import java.util.UUID;

/**
 * What a sweep did or would do.
 *
 * @param id a volume's or a job's
 * @param reason why, for people; also in the row and the records
 * @param done false in a dry run, or when it failed
 * @param error why it failed; empty otherwise
 */
public record Swept(UUID id, String name, String reason, boolean done, String error) {
  /** {@code action} is not run in a dry run. */
  static Swept perform(UUID id, String name, String reason, boolean dryRun, Runnable action) {
    if (dryRun) {
      return new Swept(id, name, reason, false, "");
    }
    try {
      action.run();
      return new Swept(id, name, reason, true, "");
    } catch (io.joblet.storage.problem.Problem e) {
      return new Swept(id, name, reason, false, e.getMessage());
    }
  }
}
