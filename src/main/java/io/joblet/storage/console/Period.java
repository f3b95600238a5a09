package io.joblet.storage.console;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/** How far back a plot goes, as its links offer it. */
public enum Period {
  MONTH(30, "30 days"),
  QUARTER(90, "90 days"),
  YEAR(365, "a year");

  private final int days;
  private final String words;

  Period(int days, String words) {
    this.days = days;
    this.words = words;
  }

  /**
   * A link to the same page with another period.
   *
   * @param current whether it is the one that is shown
   */
  public record Choice(String words, String query, boolean current) {}

  /** The one that the page was asked for, else a month. */
  static Period of(Visit visit) {
    return Arrays.stream(values())
        .filter(p -> visit.asked("days").equals(Integer.toString(p.days)))
        .findFirst()
        .orElse(MONTH);
  }

  /**
   * All of them.
   *
   * @param rest what else the query has; may be empty
   */
  List<Choice> choices(String rest) {
    return Arrays.stream(values())
        .map(p -> new Choice(p.words, "?days=" + p.days + rest, p == this))
        .toList();
  }

  int days() {
    return days;
  }

  LocalDate first() {
    return last().minusDays(days - 1L);
  }

  LocalDate last() {
    return LocalDate.now(ZoneOffset.UTC);
  }
}
