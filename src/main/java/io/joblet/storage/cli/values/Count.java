package io.joblet.storage.cli.values;

import picocli.CommandLine.TypeConversionException;

/** A whole number of at least 1. */
public record Count(long number) {

  /** Reads one of up to 2^63-1. */
  public static Count of(String text) {
    if (text.matches("[0-9]{1,19}")) {
      try {
        long number = Long.parseLong(text);
        if (number > 0) {
          return new Count(number);
        }
      } catch (NumberFormatException tooLarge) {
        throw new TypeConversionException("'" + text + "' is larger than " + Long.MAX_VALUE);
      }
    }
    throw new TypeConversionException("'" + text + "' is not a whole number of at least 1");
  }
}
