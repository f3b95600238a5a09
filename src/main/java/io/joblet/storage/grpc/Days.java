package io.joblet.storage.grpc;

import io.joblet.storage.problem.Checks;
import io.joblet.storage.usage.DailyUse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** Days of a request as values; what is wrong goes to the {@link Checks}. */
final class Days {
  private static final int USUAL = 30;

  /** Two years, one of them a leap year: what is kept of days. */
  private static final int MOST = 731;

  private static final int LENGTH = "2026-03-01".length();

  private Days() {}

  /**
   * From one day to another, both included.
   *
   * @param from empty for so many that there are 30
   * @param to empty for today, UTC
   */
  static DailyUse.Span span(Checks checks, String from, String to) {
    LocalDate last = to.isEmpty() ? LocalDate.now(ZoneOffset.UTC) : day(checks, "to", to);
    LocalDate first =
        !from.isEmpty()
            ? day(checks, "from", from)
            : last == null ? null : last.minusDays(USUAL - 1);
    if (first == null || last == null) {
      return null;
    }
    checks.require(!first.isAfter(last), "from", "must not be after to");
    checks.require(
        first.isAfter(last.minusDays(MOST)), "from", "must be at most " + MOST + " days before to");
    return new DailyUse.Span(first, last);
  }

  private static LocalDate day(Checks checks, String field, String text) {
    return checks.value(field, () -> parse(text));
  }

  private static LocalDate parse(String text) {
    // Longer ones have years that no table has.
    if (text.length() == LENGTH) {
      try {
        return LocalDate.parse(text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException("must be a day, e.g. 2026-03-01", e);
      }
    }
    throw new IllegalArgumentException("must be a day, e.g. 2026-03-01");
  }
}
