package io.joblet.storage.reconcile;

import java.util.StringJoiner;

/** What people should know of something that can be brought back: one reason after the other. */
final class Note {
  private final StringJoiner reasons = new StringJoiner("; ");

  Note add(String reason) {
    reasons.add(reason);
    return this;
  }

  /** Empty if there is nothing to say. */
  String text() {
    return reasons.toString();
  }
}
