package io.joblet.storage.journal;

import java.util.Optional;

/**
 * On whose behalf something is done.
 *
 * @param principal who, for the records, e.g. {@code uid:0} or {@code daemon}
 * @param owner whose things are meant: names are looked up and made among this owner's
 * @param requestId the caller's own id of the request, if it gave one
 */
public record Caller(String principal, String owner, Optional<String> requestId) {
  /** The daemon itself: sweeps, settling, reconciliation. */
  public static Caller daemon(String owner) {
    return new Caller("daemon", owner, Optional.empty());
  }
}
