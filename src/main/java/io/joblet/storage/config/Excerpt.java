package io.joblet.storage.config;

/** What somebody wrote, as a message can repeat it: one short line. */
public final class Excerpt {
  private static final int LONGEST = 64;

  private Excerpt() {}

  /**
   * Whether it holds what a terminal obeys instead of showing it: control characters, and those
   * that change the direction of the text behind them (Unicode standard annex 9).
   */
  public static boolean deceives(String text) {
    return text.chars().anyMatch(Excerpt::deceives);
  }

  private static boolean deceives(int character) {
    return Character.isISOControl(character)
        || (character >= 0x202A && character <= 0x202E)
        || (character >= 0x2066 && character <= 0x2069);
  }

  /**
   * At most 64 characters, the last three dots if it was longer; nothing that {@link #deceives}.
   */
  public static String of(String text) {
    return of(text, LONGEST);
  }

  /** {@link #of(String)} with another length than 64. */
  public static String of(String text, int longest) {
    String start = text.length() <= longest ? text : text.substring(0, longest - 3) + "...";
    return start
        .chars()
        .map(c -> deceives(c) ? '?' : c)
        .collect(StringBuilder::new, (b, c) -> b.append((char) c), StringBuilder::append)
        .toString();
  }
}
