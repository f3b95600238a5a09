package io.joblet.storage.cli.values;

import picocli.CommandLine.TypeConversionException;

/** Where an event stands among those of its node; 0 before all of them. */
public record EventPosition(long number) {

  /** Reads one of up to 2^63-1. */
  public static EventPosition of(String text) {
    try {
      if (text.matches("[0-9]+")) {
        return new EventPosition(Long.parseLong(text));
      }
    } catch (NumberFormatException tooLarge) {
      throw new TypeConversionException("'" + text + "' is larger than " + Long.MAX_VALUE);
    }
    throw new TypeConversionException("'" + text + "' is not a whole number of at least 0");
  }
}
