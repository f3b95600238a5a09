package io.joblet.storage.access;

import java.util.Locale;

/** What kind of caller somebody is; each may do what the ones before it may. */
public enum Role {
  /** A role that nobody knows, or none: may do nothing. */
  UNKNOWN,
  READER,
  DEVELOPER,
  MAINTAINER,
  ADMIN;

  /** In any case, {@code viewer} being another word for reader; {@link #UNKNOWN} for all else. */
  public static Role of(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "reader", "viewer" -> READER;
      case "developer" -> DEVELOPER;
      case "maintainer" -> MAINTAINER;
      case "admin" -> ADMIN;
      default -> UNKNOWN;
    };
  }

  /** In lower case, as people write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean atLeast(Role other) {
    return compareTo(other) >= 0;
  }
}
