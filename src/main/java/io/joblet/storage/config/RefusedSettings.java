package io.joblet.storage.config;

import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Settings that a start was refused for, in words for whoever wrote them. */
public final class RefusedSettings {
  /** What the library puts before the reason, by the numbers of its messages. */
  private static final List<Pattern> OF_LIBRARY =
      List.of(
          Pattern.compile(
              "SRCFG00039: The config property (?<name>\\S+) with the config value \"(?s:.*)\" threw"
                  + " an Exception whilst being converted (?<why>(?s:.+))"),
          Pattern.compile(
              "SRCFG00014: The config property (?<name>\\S+) (?<why>is required)(?s:.*)"),
          Pattern.compile(
              "SRCFG00040: The config property (?<name>\\S+) is (?<why>defined as the empty"
                  + " String)(?s:.*)"));

  private static final Pattern CODE = Pattern.compile("^([\\w.]+Exception: )?(SRCFG[0-9]+: )?");

  private RefusedSettings() {}

  /** Each by its name, with the rule that it breaks, a line each. */
  public static String explain(ConfigValidationException refusal) {
    return IntStream.range(0, refusal.getProblemCount())
        .mapToObj(i -> explain(refusal.getProblem(i).getMessage()))
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  private static String explain(String problem) {
    for (Pattern pattern : OF_LIBRARY) {
      Matcher found = pattern.matcher(problem);
      if (found.find()) {
        return found.group("name") + ": " + found.group("why");
      }
    }
    return CODE.matcher(problem).replaceFirst("");
  }
}
