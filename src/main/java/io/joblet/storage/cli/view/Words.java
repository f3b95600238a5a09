package io.joblet.storage.cli.view;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A command as a shell would take it. */
final class Words {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private Words() {}

  static String line(List<String> command) {
    return command.stream().map(Words::quoted).collect(Collectors.joining(" "));
  }

  /** At most that many characters. */
  static String line(List<String> command, int most) {
    String line = line(command);
    return line.codePointCount(0, line.length()) <= most
        ? line
        : line.substring(0, line.offsetByCodePoints(0, most - 3)) + "...";
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
