package io.joblet.storage.host;

import java.time.Duration;

/** What became of one step, for the operations table. {@code error} is null unless it failed. */
public record StepRecord(HostOperation operation, Outcome outcome, Duration took, String error) {
  /** How a step ended. */
  public enum Outcome {
    APPLIED,
    FAILED,
    UNDONE,
    UNDO_FAILED
  }
}
