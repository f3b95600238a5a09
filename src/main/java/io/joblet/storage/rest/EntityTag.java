package io.joblet.storage.rest;

import io.joblet.storage.problem.Checks;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Versions of rows as entity tags, RFC 9110, 8.8.3. */
final class EntityTag {
  private static final Pattern OURS = Pattern.compile("\"(0|[1-9][0-9]{0,17})\"");

  /** RFC 9110, 8.8.3: entity-tag, and a list of them. */
  private static final String TAG = "(?:W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\"";

  private static final Pattern TAGS =
      Pattern.compile("[ \\t,]*" + TAG + "(?:[ \\t]*,[ \\t]*(?:" + TAG + ")?)*[ \\t]*");
  private static final Pattern ONE = Pattern.compile(TAG);
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

  /** Any version at all, RFC 9110, 13.1.1. */
  static boolean isAny(String header) {
    return header.equals(ANY);
  }

  /**
   * The versions that {@code If-Match} names: of a list of tags those that a row can have. A weak
   * tag is none, since If-Match compares strongly.
   */
  static List<String> versions(String header, Checks checks) {
    if (!TAGS.matcher(header).matches()) {
      checks.require(false, "If-Match", "must be ETags of earlier answers, as in \"3\", or *");
      return List.of();
    }
    return ONE.matcher(header)
        .results()
        .map(tag -> OURS.matcher(tag.group()))
        .filter(Matcher::matches)
        .map(ours -> ours.group(1))
        .distinct()
        .toList();
  }
}
