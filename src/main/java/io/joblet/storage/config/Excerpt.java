package io.joblet.storage.config;

/** What somebody wrote, as a message can repeat it: one short line. */
public final class Excerpt {
  private static final int LONGEST = 64;

  private Excerpt() {}

  /** At most 64 characters, the last three dots if it was longer; no control characters. */
  public static String of(String text) {
    String start = text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
