package io.joblet.storage.grpc;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What caller and log call a fault of the daemon alike: the caller's own request id, or a number
 * made up for a call without one.
 */
record Incident(String id) {
  /** With or without more before it; a root of ours is written as {@code VOLUMES:} instead. */
  private static final Pattern ABSOLUTE_PATH = Pattern.compile("(?<![\\w.:/])/[^\\s:;,'\")\\]]+");

  /** {@code requestId} may be empty or not fit for a log. */
  static Incident of(String requestId) {
    return new Incident(
        Calls.REQUEST_ID.matcher(requestId).matches() ? requestId : UUID.randomUUID().toString());
  }

  /** Where a helper's words name files of the host, which the log may know and the caller not. */
  static String withoutPaths(String message) {
    return ABSOLUTE_PATH.matcher(message).replaceAll("(path)");
  }
}
