package io.joblet.storage.usage;

import io.joblet.storage.journal.RoundTrips;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the views of the schema {@code report}, what matters most first. */
@ApplicationScoped
public class UsageReports {
  private final RoundTrips trips;

  UsageReports(RoundTrips trips) {
    this.trips = trips;
  }

  /**
   * Which part of a report.
   *
   * @param owner empty for all owners
   * @param offset how many rows to leave out
   * @param limit how many rows at most
   */
  public record Page(Optional<String> owner, long offset, int limit) {}

  /** A row of {@code report.usage_now}. */
  public record Usage(
      UUID volumeId,
      String name,
      String owner,
      String type,
      String provider,
      String state,
      boolean attached,
      long sizeBytes,
      Long usedBytes,
      Long usedInodes,
      String method,
      Instant sampledAt) {}

  /** A row of {@code report.idle_volumes} or, with neither, {@code report.never_used_volumes}. */
  public record Idle(
      UUID volumeId,
      String name,
      String owner,
      String type,
      long sizeBytes,
      Long usedBytes,
      Instant createdAt,
      Instant lastUsedAt) {}

  /** A row of {@code report.growth}; {@code secondsUntilFull} is null if it does not grow. */
  public record Growth(
      UUID volumeId,
      String name,
      String owner,
      long sizeBytes,
      long usedBytes,
      long bytesPerDay,
      long points,
      Long secondsUntilFull) {}

  /** A row of {@code report.failed_operations} or {@code report.undone_operations}. */
  public record Trouble(
      long operationId,
      Instant startedAt,
      String outcome,
      String kind,
      String volumeName,
      String owner,
      String jobName,
      String principal,
      String error) {}

  /** The largest use first. */
  public List<Usage> usage(Page page) {
    return read(
        "select volume_id, volume_name, owner, type, provider, state, attached, size_bytes,"
            + " used_bytes, used_inodes, method, sampled_at from report.usage_now",
        "used_bytes desc nulls last, volume_id",
        page,
        row ->
            new Usage(
                row.uuid(),
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                row.flag(),
                row.number(),
                row.numberOrNull(),
                row.numberOrNull(),
                row.text(),
                row.time()));
  }

  /** The longest not attached first; volumes that never were count from their creation. */
  public List<Idle> idle(Page page) {
    return read(
        "select volume_id, volume_name, owner, type, size_bytes, used_bytes, created_at,"
            + " last_used_at from (select volume_id, volume_name, owner, type, size_bytes,"
            + " used_bytes, created_at, last_used_at from report.idle_volumes"
            + " union all select volume_id, volume_name, owner, type, size_bytes, used_bytes,"
            + " created_at, null from report.never_used_volumes) idle",
        "coalesce(last_used_at, created_at), volume_id",
        page,
        row ->
            new Idle(
                row.uuid(),
                row.text(),
                row.text(),
                row.text(),
                row.number(),
                row.numberOrNull(),
                row.time(),
                row.time()));
  }

  /** What will be full soonest first, then what grows fastest. */
  public List<Growth> growth(Page page) {
    return read(
        "select volume_id, volume_name, owner, size_bytes, used_bytes, bytes_per_day, points,"
            + " round(days_until_full * 86400)::bigint from report.growth",
        "days_until_full nulls last, bytes_per_day desc, volume_id",
        page,
        row ->
            new Growth(
                row.uuid(),
                row.text(),
                row.text(),
                row.number(),
                row.number(),
                row.number(),
                row.number(),
                row.numberOrNull()));
  }

  /** The latest first. */
  public List<Trouble> operations(Page page) {
    String columns =
        "operation_id, started_at, kind, volume_name, owner, job_name, principal, error";
    return read(
        "select operation_id, started_at, outcome, kind, volume_name, owner, job_name, principal,"
            + " error from (select 'failed' as outcome, "
            + columns
            + " from report.failed_operations union all select 'undone', "
            + columns
            + " from report.undone_operations) trouble",
        "started_at desc, operation_id desc",
        page,
        row ->
            new Trouble(
                row.number(),
                row.time(),
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                row.text(),
                row.text()));
  }

  private <T> List<T> read(String select, String order, Page page, RoundTrips.Reader<T> row) {
    String owner = page.owner().isPresent() ? " where owner = ?" : "";
    List<Object> parameters = new ArrayList<>();
    page.owner().ifPresent(parameters::add);
    parameters.add(page.limit());
    parameters.add(page.offset());
    return trips.readAll(
        select + owner + " order by " + order + " limit ? offset ?", row, parameters.toArray());
  }
}
