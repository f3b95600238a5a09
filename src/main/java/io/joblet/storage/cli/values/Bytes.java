package io.joblet.storage.cli.values;

import io.joblet.storage.config.Size;
import picocli.CommandLine.TypeConversionException;

/** A size of at least one byte, where the messages take 0 for the option left out. */
public record Bytes(long number) {

  /** Reads one as {@link Size} does. */
  public static Bytes of(String text) {
    long bytes = Values.size(text).bytes();
    if (bytes == 0) {
      throw new TypeConversionException("'" + text + "' is nothing; it must be at least 1 byte");
    }
    return new Bytes(bytes);
  }

  /** As the messages carry it. */
  static long message(Bytes bytes) {
    return bytes == null ? 0 : bytes.number;
  }
}
