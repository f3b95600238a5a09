package io.joblet.storage.cli.values;

import picocli.CommandLine.TypeConversionException;

/** A TCP port that can be listened at: 1 to 65535. */
public record Port(int number) {
  private static final int LAST = 65535;

  /** Reads one. */
  public static Port of(String text) {
    if (text.matches("[0-9]{1,5}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= LAST) {
        return new Port(number);
      }
    }
    throw new TypeConversionException("'" + text + "' is not a port; write 1 to " + LAST);
  }
}
