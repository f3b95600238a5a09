package io.joblet.storage.cli.output;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Writes trees of maps, lists, strings, whole numbers, booleans and null as JSON, indented by two
 * spaces. A mapper found by reflection would cost more start-up time than the whole command.
 */
final class Json {
  /** A depth without lines. */
  private static final int INLINE = Integer.MIN_VALUE;

  private Json() {}

  /** As {@link #of}, in one line. */
  static String line(Object tree) {
    StringBuilder out = new StringBuilder(512);
    append(out, tree, INLINE);
    return out.toString();
  }

  static String of(Object tree) {
    StringBuilder out = new StringBuilder(512);
    append(out, tree, 0);
    return out.toString();
  }

  /**
   * @param depth of the surrounding lines, in levels
   */
  static void append(StringBuilder out, Object tree, int depth) {
    switch (tree) {
      case null -> out.append("null");
      case String text -> Quoted.append(out, text);
      case Map<?, ?> map -> appendMap(out, map, depth);
      case List<?> list -> appendList(out, list, depth);
      case Long number -> out.append((long) number);
      case Integer number -> out.append((int) number);
      case Boolean flag -> out.append((boolean) flag);
      default -> throw new IllegalArgumentException("no JSON for " + tree.getClass());
    }
  }

  private static void appendMap(StringBuilder out, Map<?, ?> map, int depth) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<?, ?> entry = i.next();
      newline(out, depth + 1);
      Quoted.append(out, (String) entry.getKey());
      out.append(": ");
      append(out, entry.getValue(), depth + 1);
      out.append(i.hasNext() ? "," : "");
    }
    newline(out, depth);
    out.append('}');
  }

  private static void appendList(StringBuilder out, List<?> list, int depth) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
      newline(out, depth + 1);
      append(out, i.next(), depth + 1);
      out.append(i.hasNext() ? "," : "");
    }
    newline(out, depth);
    out.append(']');
  }

  private static void newline(StringBuilder out, int depth) {
    if (depth >= 0) {
      out.append('\n').append("  ".repeat(depth));
    }
  }
}
