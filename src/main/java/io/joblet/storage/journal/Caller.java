package io.joblet.storage.journal;

import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Role;
import java.util.Optional;

/**
 * On whose behalf something is done.
 *
 * @param identity who, as whom, and from where
 * @param requestId the caller's own id of the request, if it gave one
 */
public record Caller(Identity identity, Optional<String> requestId) {
  /** The daemon itself: sweeps, settling, reconciliation. */
  public static Caller daemon(String owner) {
    return new Caller(new Identity("daemon", owner, Role.ADMIN, "daemon"), Optional.empty());
  }

  /** The same caller on behalf of an owner whose thing it has found. */
  public Caller as(String owner) {
    Identity other = new Identity(identity.principal(), owner, identity.role(), identity.source());
    return new Caller(other, requestId);
  }

  /** Who, for the records, e.g. {@code uid:0} or {@code daemon}. */
  public String principal() {
    return identity.principal();
  }

  /** Whose things are meant: names are looked up and made among this owner's. */
  public String owner() {
    return identity.owner();
  }
}
