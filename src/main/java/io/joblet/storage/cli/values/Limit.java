package io.joblet.storage.cli.values;

import java.util.OptionalLong;
import picocli.CommandLine.TypeConversionException;

/**
 * A limit of how much: a size, or {@code none}.
 *
 * @param number empty for none
 */
public record Limit(OptionalLong number) {
  /** Reads one. */
  public static Limit of(String text) {
    if (text.equals("none")) {
      return new Limit(OptionalLong.empty());
    }
    try {
      return new Limit(OptionalLong.of(Values.size(text).bytes()));
    } catch (TypeConversionException noSize) {
      throw new TypeConversionException(noSize.getMessage() + "; or 'none'");
    }
  }
}
