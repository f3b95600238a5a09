package io.joblet.storage.console;

import java.util.List;

/** Something to be read: what it is and how it stands. */
public record Fact(String name, String value) {
  /** Those that have a value. */
  static List<Fact> known(Fact... facts) {
    return List.of(facts).stream().filter(f -> !f.value().isEmpty()).toList();
  }
}
