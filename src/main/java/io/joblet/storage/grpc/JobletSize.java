package io.joblet.storage.grpc;

import io.joblet.storage.config.Excerpt;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as existing clients write them: a number, with decimals if need be, and B, KB, MB, GB or
 * TB, each 1024 of the one before, in any case. What is less than a byte is dropped.
 */
final class JobletSize {
  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,18})?)\\s*(B|KB|MB|GB|TB)");
  private static final int STEP = 10;

  private JobletSize() {}

  static long bytes(String text) {
    Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + Excerpt.of(text) + "' is not a size; write e.g. 512MB or 1.5GB");
    }
    BigDecimal unit = BigDecimal.valueOf(1L << (STEP * UNITS.indexOf(form.group(2))));
    BigDecimal bytes = new BigDecimal(form.group(1)).multiply(unit);
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("is larger than the largest size");
    }
    if (bytes.compareTo(BigDecimal.ONE) < 0) {
      throw new IllegalArgumentException("must be greater than 0");
    }
    return bytes.longValue();
  }

  /** In the largest unit of which it is a whole number. */
  static String text(long bytes) {
    int unit = Math.min(Long.numberOfTrailingZeros(bytes) / STEP, UNITS.size() - 1);
    return (bytes >> (STEP * unit)) + UNITS.get(unit);
  }
}
