package io.joblet.storage.cli.values;

import java.util.Locale;

/** {@code --stream}. */
public enum LogStream {
  STDOUT,
  STDERR,
  BOTH;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
