package io.joblet.storage.host.linux;

/**
 * One line from a supervisor; {@link ShimReports} reads them.
 *
 * @param word {@code ready}, {@code running}, {@code error}, or {@code end} when it ended without
 *     one
 * @param text what follows
 * @param errno of an error, by name
 */
record ShimReport(String word, String text, String errno) {

  boolean is(String wanted) {
    return word.equals(wanted);
  }

  /** {@code error 2 cannot execute 'x': No such file or directory}. */
  static ShimReport parse(String line) {
    String[] parts = line.split(" ", 2);
    String rest = parts.length > 1 ? parts[1] : "";
    if (!parts[0].equals("error")) {
      return new ShimReport(parts[0], rest, "");
    }
    String[] error = rest.split(" ", 2);
    return new ShimReport(
        "error", error.length > 1 ? error[1] : rest, Errno.of(number(error[0])).name());
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
