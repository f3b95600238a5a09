package io.joblet.storage.journal;

import io.joblet.storage.access.Identity;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * A call that changes something, as the audit knows it: what it names and asks for, and no more of
 * the request, in which there may be secrets.
 *
 * @param method e.g. {@code CreateVolume}
 * @param target the volume, job, owner or token that the request names; null if it was not read
 * @param related what else it names; null if nothing
 * @param wanted what else it asks for, as a JSON object, or null if nothing; made when the row is
 *     written, by which time a job is being prepared meanwhile
 * @param requestId the caller's; null if there is none
 * @param began as {@link System#nanoTime} has it
 */
public record AuditedCall(
    Identity who,
    String method,
    String target,
    String related,
    Supplier<String> wanted,
    String requestId,
    Instant at,
    long began) {

  /** One that begins now. */
  public static AuditedCall now(
      Identity who,
      String method,
      String target,
      String related,
      Supplier<String> wanted,
      String requestId) {
    return new AuditedCall(
        who, method, target, related, wanted, requestId, Instant.now(), System.nanoTime());
  }

  /** One of which nothing was read. */
  static AuditedCall unread(Identity who, String method) {
    return now(who, method, null, null, () -> null, null);
  }
}
