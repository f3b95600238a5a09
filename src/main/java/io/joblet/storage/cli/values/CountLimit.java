package io.joblet.storage.cli.values;

import java.util.OptionalLong;
import picocli.CommandLine.TypeConversionException;

/**
 * A limit of how many: a whole number, or {@code none}.
 *
 * @param number empty for none
 */
public record CountLimit(OptionalLong number) {
  /** Reads one; units are of sizes, and refused. */
  public static CountLimit of(String text) {
    if (text.equals("none")) {
      return new CountLimit(OptionalLong.empty());
    }
    if (text.matches("[0-9]{1,18}")) {
      return new CountLimit(OptionalLong.of(Long.parseLong(text)));
    }
    throw new TypeConversionException("'" + text + "' must be a whole number, or 'none'");
  }
}
