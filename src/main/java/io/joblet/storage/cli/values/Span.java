package io.joblet.storage.cli.values;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/**
 * A length of time as people write it: whole numbers with {@code ms}, {@code s}, {@code m}, {@code
 * h} or {@code d}, largest unit first, e.g. {@code 30s} or {@code 1h30m}. Positive, at most 10,000
 * years.
 */
public record Span(Duration duration) {
  private static final Pattern FORM =
      Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m(?!s))?(?:(\\d+)s)?(?:(\\d+)ms)?");
  private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

  /** What protobuf's Duration can hold. */
  private static final long MOST_MILLIS = 315_576_000_000L * 1_000;

  /** Reads one, or says why it is none. */
  public static Span of(String text) {
    Matcher form = FORM.matcher(text);
    if (text.isEmpty() || text.length() > 64 || !form.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is not a length of time; write e.g. 30s, 10m, 1h30m or 7d");
    }
    try {
      long millis = 0;
      for (int unit = 0; unit < MILLIS.length; unit++) {
        String count = form.group(unit + 1);
        if (count != null) {
          long part = Math.multiplyExact(Long.parseLong(count), MILLIS[unit]);
          millis = Math.addExact(millis, part);
        }
      }
      if (millis > MOST_MILLIS) {
        throw new ArithmeticException();
      }
      if (millis == 0) {
        throw new TypeConversionException("'" + text + "' is no time at all; it must be positive");
      }
      return new Span(Duration.ofMillis(millis));
    } catch (ArithmeticException | NumberFormatException tooLong) {
      throw new TypeConversionException("'" + text + "' is longer than 10,000 years");
    }
  }

  /** As the messages carry it. */
  public com.google.protobuf.Duration message() {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
