package io.joblet.storage.journal;

import io.joblet.storage.host.HostException;
import io.joblet.storage.host.StepRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What became of a plan on the host.
 *
 * @param kind which operation it was part of, e.g. {@code create}
 * @param steps what was done, in order
 * @param failure why it did not end as meant, if it did not
 */
public record Deed(
    String kind,
    Instant startedAt,
    Duration took,
    List<StepRecord> steps,
    Optional<HostException> failure) {

  /** How a plan ended. */
  public enum Outcome {
    /** As meant. */
    DONE,
    /** It failed, and all that was begun has been taken back. */
    UNDONE,
    /** It failed and something may be left: the row must stay in its transitional state. */
    FAILED
  }

  /** What the operations table and the metrics call it. */
  public Outcome outcome() {
    if (failure.isEmpty()) {
      return Outcome.DONE;
    }
    boolean failedForward = steps.stream().anyMatch(s -> s.outcome() == StepRecord.Outcome.FAILED);
    boolean undoFailed =
        steps.stream().anyMatch(s -> s.outcome() == StepRecord.Outcome.UNDO_FAILED);
    return failedForward && !undoFailed ? Outcome.UNDONE : Outcome.FAILED;
  }

  /** Whether nothing is left of it on the host: taken back after a failure, or undone as meant. */
  public boolean nothingLeft() {
    return switch (outcome()) {
      case UNDONE -> true;
      case DONE -> steps.stream().allMatch(s -> s.outcome() == StepRecord.Outcome.UNDONE);
      case FAILED -> false;
    };
  }
}
