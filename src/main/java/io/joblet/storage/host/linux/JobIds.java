package io.joblet.storage.host.linux;

import java.util.Optional;
import java.util.UUID;

/** Names that are ids of jobs, in the one form in which we write them. */
final class JobIds {
  private JobIds() {}

  static Optional<UUID> parse(String name) {
    try {
      UUID id = UUID.fromString(name);
      return id.toString().equals(name) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }
}
