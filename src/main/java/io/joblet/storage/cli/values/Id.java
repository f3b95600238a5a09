package io.joblet.storage.cli.values;

import picocli.CommandLine.TypeConversionException;

/** A user or group id: 0 to 4,294,967,294, as the kernel counts them. */
public record Id(long number) {
  private static final long LARGEST = 0xffff_fffeL;

  /** Reads one; names are not looked up, since they may differ inside a job. */
  public static Id of(String text) {
    if (text.matches("[0-9]{1,10}")) {
      long number = Long.parseLong(text);
      if (number <= LARGEST) {
        return new Id(number);
      }
    }
    throw new TypeConversionException("'" + text + "' is not an id; write 0 to " + LARGEST);
  }

  /** As the messages carry it: 32 bits without a sign. */
  public int message() {
    return (int) number;
  }
}
