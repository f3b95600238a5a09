package io.joblet.storage.console;

import java.util.List;

/** Something to be read: what it is and how it stands. */
public record Fact(String name, String value) {
  /** What it is, and what it would be; without a value if that is the same. */
  static Fact change(String name, String from, String to) {
    String none = "none";
    return new Fact(
        name,
        from.equals(to)
            ? ""
            : (from.isEmpty() ? none : from) + " \u2192 " + (to.isEmpty() ? none : to));
  }

  /** Those that have a value. */
  static List<Fact> known(Fact... facts) {
    return List.of(facts).stream().filter(f -> !f.value().isEmpty()).toList();
  }
}
