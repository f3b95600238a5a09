package io.joblet.storage.journal;

import io.joblet.storage.access.Identity;
import java.time.Instant;

/**
 * A call that changes something, as the audit knows it: what it names and no more of the request,
 * in which there may be secrets.
 *
 * @param method e.g. {@code CreateVolume}
 * @param target the volume, job, owner or token that the request names; null if it was not read
 * @param related what else it names; null if nothing
 * @param requestId the caller's; null if there is none
 * @param began as {@link System#nanoTime} has it
 */
public record AuditedCall(
    Identity who,
    String method,
    String target,
    String related,
    String requestId,
    Instant at,
    long began) {

  /** One that begins now. */
  public static AuditedCall now(
      Identity who, String method, String target, String related, String requestId) {
    return new AuditedCall(
        who, method, target, related, requestId, Instant.now(), System.nanoTime());
  }
}
