package io.joblet.storage.cli.values;

import java.util.OptionalLong;

/**
 * A limit: a number or a size, or {@code none}.
 *
 * @param number empty for none
 */
public record Limit(OptionalLong number) {
  /** Reads one. */
  public static Limit of(String text) {
    return text.equals("none")
        ? new Limit(OptionalLong.empty())
        : new Limit(OptionalLong.of(Values.size(text).bytes()));
  }
}
