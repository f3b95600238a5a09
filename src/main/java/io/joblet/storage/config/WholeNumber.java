package io.joblet.storage.config;

/** Reads whole numbers, with the reason when one is out of bounds. */
final class WholeNumber {
  private WholeNumber() {}

  /**
   * @throws IllegalArgumentException for what is no whole number of at least {@code least} and at
   *     most {@code most}
   */
  static long between(long least, long most, String value) {
    try {
      long number = Long.parseLong(value.strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "a whole number from "
            + least
            + " to "
            + most
            + " is wanted, was '"
            + Excerpt.of(value)
            + "'");
  }
}
