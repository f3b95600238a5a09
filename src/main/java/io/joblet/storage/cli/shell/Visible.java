package io.joblet.storage.cli.shell;

/**
 * Text for a terminal: control characters become visible escapes, so that a label, a job's name or
 * an error that came from elsewhere cannot move the cursor or forge a line.
 */
public final class Visible {
  private Visible() {}

  /** The text on one line. */
  public static String text(String text) {
    if (text.chars().noneMatch(Visible::isHidden)) {
      return text;
    }
    StringBuilder visible = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(point -> {
          if (isHidden(point)) {
            visible.append(String.format("\\u%04x", point));
          } else {
            visible.appendCodePoint(point);
          }
        });
    return visible.toString();
  }

  /** Controls, and the marks that reorder or break lines. */
  static boolean isHidden(int point) {
    return Character.isISOControl(point)
        || point == 0x2028
        || point == 0x2029
        || (point >= 0x202a && point <= 0x202e)
        || (point >= 0x2066 && point <= 0x2069);
  }
}
