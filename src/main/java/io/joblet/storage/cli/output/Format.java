package io.joblet.storage.cli.output;

import java.util.Locale;

/** {@code --format}. */
public enum Format {
  /** For people: sizes and times shortened; may change with any version. */
  TABLE,
  /** For programs: keys and types as docs/cli.md has them. */
  JSON,
  /** The same tree as JSON. */
  YAML;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
