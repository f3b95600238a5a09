package io.joblet.storage.console;

import io.joblet.storage.problem.Problem;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Labels as a form has them: {@code key=value}, each on a line of its own. */
final class LabelLines {
  private LabelLines() {}

  /**
   * Blank lines are none; the method that gets them checks the rest.
   *
   * @throws Problem.Invalid if a label has no value, or a key is there twice
   */
  static Map<String, String> read(String text) {
    Map<String, String> labels = new TreeMap<>();
    for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
      String[] parts = line.strip().split("=", 2);
      if (parts.length < 2 || labels.put(parts[0].strip(), parts[1].strip()) != null) {
        throw new Problem.Invalid("labels", "must be key=value, each key once");
      }
    }
    return labels;
  }

  static String of(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining("\n"));
  }

  /** In one line, to be read. */
  static String shown(Map<String, String> labels) {
    return of(labels).replace("\n", ", ");
  }
}
