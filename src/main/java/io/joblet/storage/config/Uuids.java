package io.joblet.storage.config;

import java.util.Optional;
import java.util.UUID;

/** Reads ids from texts that may be names as well. */
public final class Uuids {
  private static final int LENGTH = 36;

  private Uuids() {}

  /** The id, if the text is one in full: {@link UUID#fromString} takes shorter ones too. */
  public static Optional<UUID> parse(String text) {
    if (text.length() != LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
