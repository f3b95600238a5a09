package io.joblet.storage.usage;

import io.joblet.storage.journal.Columns;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What was used day by day, the earliest first; of the full hours that a day has so far. */
@ApplicationScoped
public class DailyUse {
  private final RoundTrips trips;
  private final CurrentNode node;

  DailyUse(RoundTrips trips, CurrentNode node) {
    this.trips = trips;
    this.node = node;
  }

  /** From a day to another, UTC, both included. */
  public record Span(LocalDate first, LocalDate last) {}

  /**
   * A day of a volume, or of all volumes of a type.
   *
   * @param day UTC, e.g. {@code 2026-03-01}
   * @param minBytes null in sums, as is {@code maxBytes}
   */
  public record Day(
      String day,
      String type,
      long volumes,
      long sizeBytes,
      Long minBytes,
      long avgBytes,
      Long maxBytes,
      long lastBytes) {}

  /**
   * Of one volume, from {@code report.usage_by_day}.
   *
   * @param owner none, if it is not that one's; empty for anybody's
   */
  public List<Day> of(UUID volume, Optional<String> owner, Span span) {
    List<Object> parameters = new ArrayList<>(List.of(volume, span.first(), span.last()));
    owner.ifPresent(parameters::add);
    return trips.readAll(
        "select day::text, type, 1, size_bytes, min_bytes, avg_bytes, max_bytes, last_bytes"
            + " from report.usage_by_day where volume_id = ? and day between ? and ?"
            + (owner.isPresent() ? " and owner = ?" : "")
            + " order by day",
        DailyUse::day,
        parameters.toArray());
  }

  /**
   * Sums over the volumes of this node, on disk before those in memory: what {@code
   * report.usage_by_owner_and_day} has, by the key of its table, so that the days asked for are all
   * that is read.
   *
   * @param owner whose; of everybody if empty
   */
  public List<Day> sums(Optional<String> owner, Span span) {
    List<Object> parameters = new ArrayList<>(List.of(node.id(), span.first(), span.last()));
    owner.ifPresent(parameters::add);
    return trips.readAll(
        "select day::text, lower(type), sum(volumes)::bigint, sum(size_bytes)::bigint,"
            + " null::bigint, sum(avg_bytes)::bigint, null::bigint, sum(last_bytes)::bigint"
            + " from usage_owner_day where node_id = ? and day between ? and ?"
            + (owner.isPresent() ? " and owner = ?" : "")
            + " group by day, type order by day, type",
        DailyUse::day,
        parameters.toArray());
  }

  private static Day day(Columns rows) throws SQLException {
    return new Day(
        rows.text(),
        rows.text(),
        rows.number(),
        rows.number(),
        rows.numberOrNull(),
        rows.number(),
        rows.numberOrNull(),
        rows.number());
  }
}
