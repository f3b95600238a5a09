package io.joblet.storage.cli.output;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Writes the trees that {@link Json} writes as YAML in block style. A string stays plain only when
 * it can be nothing but a string in YAML 1.1 and 1.2; every other is quoted as in JSON.
 */
final class Yaml {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");

  /** What some version of YAML takes for a boolean, or null. */
  private static final Set<String> WORDS =
      Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

  private Yaml() {}

  /** A document, with a line break at its end. */
  static String of(Object tree) {
    StringBuilder out = new StringBuilder(512);
    if (tree instanceof Map<?, ?> map && !map.isEmpty()) {
      appendMap(out, map, 0, "");
    } else if (tree instanceof List<?> list && !list.isEmpty()) {
      list.forEach(item -> appendItem(out, item, 0));
    } else {
      appendScalar(out, tree);
      out.append('\n');
    }
    return out.toString();
  }

  private static void appendItem(StringBuilder out, Object item, int depth) {
    String dash = "  ".repeat(depth) + "- ";
    if (item instanceof Map<?, ?> map && !map.isEmpty()) {
      appendMap(out, map, depth + 1, dash);
    } else {
      out.append(dash);
      appendScalar(out, item);
      out.append('\n');
    }
  }

  /**
   * @param first what stands before the first key instead of the indentation; empty for that
   */
  private static void appendMap(StringBuilder out, Map<?, ?> map, int depth, String first) {
    String lead = first;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(lead.isEmpty() ? "  ".repeat(depth) : lead);
      lead = "";
      appendScalar(out, entry.getKey());
      out.append(':');
      appendValue(out, entry.getValue(), depth);
    }
  }

  private static void appendValue(StringBuilder out, Object value, int depth) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      out.append('\n');
      appendMap(out, map, depth + 1, "");
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      out.append('\n');
      list.forEach(item -> appendItem(out, item, depth + 1));
    } else {
      out.append(' ');
      appendScalar(out, value);
      out.append('\n');
    }
  }

  private static void appendScalar(StringBuilder out, Object value) {
    if (value instanceof String text && isPlain(text)) {
      out.append(text);
    } else {
      Json.append(out, value, 0);
    }
  }

  private static boolean isPlain(String text) {
    return PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT));
  }
}
