package io.joblet.storage.console;

/**
 * What is around every page.
 *
 * @param section which part of the console it belongs to, e.g. {@code volumes}
 * @param principal who looks at it; empty if nobody is logged in
 * @param admin whether links that are for admins are of use
 * @param formToken what every form carries
 * @param canLogOut whether there is a cookie to forget
 * @param notice what has just been done; may be empty
 */
public record Frame(
    String title,
    String section,
    String principal,
    String role,
    boolean admin,
    String formToken,
    boolean canLogOut,
    String notice) {

  static Frame ofNobody(String title) {
    return new Frame(title, "", "", "", false, "", false, "");
  }
}
