package io.joblet.storage.rest;

import io.joblet.storage.problem.Checks;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Versions of rows as entity tags, RFC 9110, 8.8.3. */
final class EntityTag {
  private static final Pattern OURS = Pattern.compile("\"([0-9]{1,18})\"");
  private static final String ANY = "*";

  private EntityTag() {}

  static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Whether a client that names these in {@code If-None-Match} has that one (RFC 9110, 13.1.2): any
   * of a list, a weak one too.
   *
   * @param current null for what has none
   */
  static boolean isKnown(String current, List<String> headers) {
    return current != null
        && headers.stream()
            .flatMap(header -> Stream.of(header.split(",")))
            .map(String::strip)
            .anyMatch(tag -> tag.equals(ANY) || tag.replaceFirst("^W/", "").equals(current));
  }

  /**
   * The version that {@code If-Match} demands; empty for {@code *}, which is any (RFC 9110,
   * 13.1.1), and for what the checks know to be wrong.
   */
  static Optional<String> demanded(String header, Checks checks) {
    Matcher tag = OURS.matcher(header);
    if (tag.matches()) {
      return Optional.of(tag.group(1));
    }
    checks.require(
        header.equals(ANY), "If-Match", "must be the ETag of an earlier answer, as in \"3\", or *");
    return Optional.empty();
  }
}
