package io.joblet.storage.cli.admin;

import io.joblet.storage.v1.SweepRequest;
import java.util.Locale;

/** What to sweep. */
public enum SweepKind {
  /** Memory volumes nobody attached for their idle timeout. */
  IDLE(SweepRequest.Kind.IDLE),
  /** Attachments of jobs that are gone. */
  ORPHANS(SweepRequest.Kind.ORPHANS),
  /** Volumes in the trash past their retention. */
  TRASH(SweepRequest.Kind.TRASH);

  private final SweepRequest.Kind message;

  SweepKind(SweepRequest.Kind message) {
    this.message = message;
  }

  SweepRequest.Kind message() {
    return message;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
