package io.joblet.storage.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size in bytes as people write it: a number and one of B, K, KB, Ki, KiB, M, ... up to P, each a
 * power of 1024, with or without a space, in any case. {@code 1.5GB} is exact: 1,610,612,736. What
 * is not a whole number of bytes, negative, or beyond 2^63-1 is refused with the reason.
 */
public record Size(long bytes) {
  private static final Pattern FORM = Pattern.compile("([+-]?[0-9]+(?:\\.[0-9]+)?) *([A-Za-z]*)");
  private static final Pattern UNIT =
      Pattern.compile("(?:([kmgtp])i?)?b?", Pattern.CASE_INSENSITIVE);

  public Size {
    if (bytes < 0) {
      throw new IllegalArgumentException("size must not be negative, was " + bytes);
    }
  }

  /**
   * Reads a size as people write it.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static Size of(String text) {
    String trimmed = text.strip();
    Matcher form = trimmed.length() > 64 ? null : FORM.matcher(trimmed);
    if (form == null || !form.matches()) {
      throw new IllegalArgumentException(
          "'" + Excerpt.of(trimmed) + "' is not a size; write e.g. 512, 10KB, 1.5GB or 100Mi");
    }
    Matcher unit = UNIT.matcher(form.group(2));
    if (!unit.matches()) {
      throw new IllegalArgumentException(
          "'"
              + form.group(2)
              + "' is not a unit of size; use B, KB, MB, GB, TB, PB or Ki, Mi, Gi, Ti, Pi");
    }
    int power =
        unit.group(1) == null ? 0 : 1 + "kmgtp".indexOf(unit.group(1).toLowerCase(Locale.ROOT));
    BigDecimal exact =
        new BigDecimal(form.group(1))
            .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(10 * power)));
    if (exact.signum() < 0) {
      throw new IllegalArgumentException("size must not be negative, was '" + trimmed + "'");
    }
    if (exact.stripTrailingZeros().scale() > 0) {
      throw new IllegalArgumentException("'" + trimmed + "' is not a whole number of bytes");
    }
    if (exact.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException(
          "'" + trimmed + "' is larger than the largest size, 8 EiB - 1 (" + Long.MAX_VALUE + ")");
    }
    return new Size(exact.longValueExact());
  }

  /** For people: the largest unit that keeps the number at 1 or above, one decimal at most. */
  public String human() {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    String number =
        value == Math.rint(value)
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, "%.1f", value);
    return number + " " + units[unit];
  }

  @Override
  public String toString() {
    return Long.toString(bytes);
  }
}
