package io.joblet.storage.console;

import io.joblet.storage.v1.UsageDay;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;

/**
 * What was used day by day, as bars to be drawn and as a table that says the same.
 *
 * @param id unique in its page
 * @param description what it shows, for those who do not see it
 * @param top what is at its upper edge, as {@code middle} is half way up
 * @param width of the drawing, whose height is {@link #HEIGHT}
 * @param limit the size over the days as points of a line; empty if it is far above all bars
 */
public record Plot(
    String id,
    String title,
    String description,
    String top,
    String middle,
    String first,
    String last,
    int width,
    List<Day> days,
    String limit,
    Table table) {
  static final int HEIGHT = 1000;
  private static final int STEP = 10;

  /** From so many days on there is no room between bars. */
  private static final int CROWDED = 60;

  private static final List<String> HEADS_OF_ONE =
      List.of("Day", "Used at its end", "Least", "Average", "Most", "Size");
  private static final List<String> HEADS_OF_SUMS =
      List.of("Day", "Used at its end", "Average", "Sizes", "Volumes");

  /** A bar; {@code words} has the day and what was used. */
  public record Day(int x, int y, int width, int height, String words) {}

  /**
   * Of days that are all of one type.
   *
   * @param days the earliest first, within the period; at least one
   */
  static Plot of(String id, String title, Period period, List<UsageDay> days) {
    LocalDate first = period.first();
    long most = days.stream().mapToLong(UsageDay::getLastBytes).max().orElse(0);
    long size = days.stream().mapToLong(UsageDay::getSizeBytes).max().orElse(0);
    boolean limited = most >= size / 2;
    long top = limited ? Math.max(size, most) : above(most);
    boolean crowded = period.days() > CROWDED;
    boolean sums = days.stream().noneMatch(UsageDay::hasMaxBytes);
    return new Plot(
        id,
        title,
        describe(days, limited),
        Text.size(top),
        Text.size(top / 2),
        first.toString(),
        period.last().toString(),
        period.days() * STEP,
        days.stream().map(day -> bar(day, first, top, crowded)).toList(),
        limited ? limit(days, first, top) : "",
        Table.page(
            sums ? HEADS_OF_SUMS : HEADS_OF_ONE,
            days.reversed(),
            sums ? Plot::textsOfSums : Plot::textsOfOne,
            ""));
  }

  /** A round number above the bars, of which half is one too. */
  private static long above(long most) {
    long power = Math.max(2, Long.highestOneBit(Math.max(1, most)));
    return most <= power ? power : most <= power / 2 * 3 ? power / 2 * 3 : power * 2;
  }

  private static Day bar(UsageDay day, LocalDate first, long top, boolean crowded) {
    int height = height(day.getLastBytes(), top);
    return new Day(
        x(day, first) + (crowded ? 0 : 1),
        HEIGHT - height,
        crowded ? STEP : STEP - 2,
        height,
        day.getDay() + ": " + Text.size(day.getLastBytes()));
  }

  private static int x(UsageDay day, LocalDate first) {
    return STEP * (int) ChronoUnit.DAYS.between(first, LocalDate.parse(day.getDay()));
  }

  private static int height(long bytes, long top) {
    return (int) Math.round((double) HEIGHT * bytes / Math.max(1, top));
  }

  private static String limit(List<UsageDay> days, LocalDate first, long top) {
    StringBuilder points = new StringBuilder();
    for (UsageDay day : days) {
      int x = x(day, first);
      int y = HEIGHT - height(day.getSizeBytes(), top);
      points.append(x).append(',').append(y).append(' ');
      points.append(x + STEP).append(',').append(y).append(' ');
    }
    return points.toString().strip();
  }

  private static String describe(List<UsageDay> days, boolean limited) {
    UsageDay first = days.getFirst();
    UsageDay last = days.getLast();
    UsageDay most =
        days.stream().max(Comparator.comparingLong(UsageDay::getLastBytes)).orElseThrow();
    return "From "
        + Text.size(first.getLastBytes())
        + " on "
        + first.getDay()
        + " to "
        + Text.size(last.getLastBytes())
        + " on "
        + last.getDay()
        + "; the most was "
        + Text.size(most.getLastBytes())
        + " on "
        + most.getDay()
        + "."
        + (limited ? " The dashed line is the size." : "");
  }

  private static List<String> textsOfOne(UsageDay day) {
    return List.of(
        day.getDay(),
        Text.size(day.getLastBytes()),
        Text.size(day.getMinBytes()),
        Text.size(day.getAvgBytes()),
        Text.size(day.getMaxBytes()),
        Text.size(day.getSizeBytes()));
  }

  private static List<String> textsOfSums(UsageDay day) {
    return List.of(
        day.getDay(),
        Text.size(day.getLastBytes()),
        Text.size(day.getAvgBytes()),
        Text.size(day.getSizeBytes()),
        Long.toString(day.getVolumes()));
  }
}
