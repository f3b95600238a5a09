package io.joblet.storage.reconcile;

import io.joblet.storage.host.HostException;
import java.util.Optional;

/**
 * A disagreement between rows and host, or something an operator should know.
 *
 * @param kind stable, e.g. {@code missing-mount}
 * @param subject what it is about: an id, a path, a device
 * @param message one sentence
 * @param remedy what would put it right without losing anything, if there is such a thing
 */
public record Finding(
    Severity severity, String kind, String subject, String message, Optional<Remedy> remedy) {

  /** How bad it is. */
  public enum Severity {
    /** Worth knowing; nothing to do. */
    INFO,
    /** Host and rows disagree. */
    WARNING,
    /** Data is missing, or a limit does not hold. */
    ERROR
  }

  /** Something that is safe to do, and repeatable. */
  public record Remedy(String words, Runnable apply) {}

  static Finding of(Severity severity, String kind, String subject, String message) {
    return new Finding(severity, kind, subject, message, Optional.empty());
  }

  /** Of one volume, which must keep nobody from the others. */
  static Finding unreadable(RowInventory.Row row, HostException why) {
    return of(
        Severity.ERROR,
        "unreadable",
        row.id().toString(),
        "the data of volume '" + row.name() + "' cannot be looked at: " + why.getMessage());
  }

  Finding withRemedy(String words, Runnable apply) {
    return new Finding(severity, kind, subject, message, Optional.of(new Remedy(words, apply)));
  }
}
