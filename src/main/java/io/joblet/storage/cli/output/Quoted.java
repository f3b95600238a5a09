package io.joblet.storage.cli.output;

/**
 * A string in double quotes that JSON (RFC 8259) and YAML 1.2 read alike. Controls, line and
 * paragraph separators and lone surrogates are escaped, everything else stays as it is.
 */
final class Quoted {
  private Quoted() {}

  static void append(StringBuilder out, String text) {
    out.append('"');
    text.codePoints().forEach(point -> append(out, point));
    out.append('"');
  }

  private static void append(StringBuilder out, int point) {
    switch (point) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (needsEscape(point)) {
          out.append(String.format("\\u%04x", point));
        } else {
          out.appendCodePoint(point);
        }
      }
    }
  }

  /** All of them lie below 0x10000, so one escape is enough. */
  private static boolean needsEscape(int point) {
    return Character.isISOControl(point)
        || point == 0x2028
        || point == 0x2029
        || (point >= 0xd800 && point <= 0xdfff)
        || point == 0xfeff
        || point == 0xfffe
        || point == 0xffff;
  }
}
