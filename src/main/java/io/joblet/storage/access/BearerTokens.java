package io.joblet.storage.access;

import java.util.Optional;

/** Knows whose a bearer token is. */
public interface BearerTokens {
  /**
   * Asks the database, so not on an event loop; empty for a token that is unknown, expired or
   * revoked.
   *
   * @param source from where it came, for the identity
   */
  Optional<Identity> identity(String secret, String source);
}
