package io.joblet.storage.cli.values;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.TypeConversionException;

/** A day as ISO 8601 has it, e.g. {@code 2026-03-01}. */
public record Day(LocalDate date) {

  /** Reads one. */
  public static Day of(String text) {
    try {
      return new Day(LocalDate.parse(text));
    } catch (DateTimeParseException none) {
      throw new TypeConversionException("'" + text + "' is not a day; write e.g. 2026-03-01");
    }
  }

  /** As the messages carry it; empty for the option left out. */
  public static String message(Day day) {
    return day == null ? "" : day.date.toString();
  }
}
