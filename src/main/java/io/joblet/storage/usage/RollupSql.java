package io.joblet.storage.usage;

import io.joblet.storage.journal.Changes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Hours and days from samples, and how fast volumes grow. */
final class RollupSql {
  private static final int DAYS_OF_GROWTH = 7;

  /** Of pool samples that are older, the first of each hour stays. */
  static final String THIN_POOL_SAMPLES =
      """
      delete from pool_sample p where p.node_id = ? and p.sampled_at < ?
        and exists (select from pool_sample q
                    where q.node_id = p.node_id and q.sampled_at < p.sampled_at
                      and q.sampled_at >= date_trunc('hour', p.sampled_at, 'UTC'))\
      """;

  /**
   * A value counts in the average for as long as it stood: to the next sample or the hour's end.
   */
  private static final String HOUR =
      """
      with part as (
        select s.volume_id, s.used_bytes, s.used_inodes, s.size_bytes,
               extract(epoch from lead(s.sampled_at, 1, ?::timestamptz) over w - s.sampled_at)::float8 as seconds,
               lead(s.sampled_at) over w is null as is_last
        from usage_sample s join usage_latest l on l.volume_id = s.volume_id
        where l.node_id = ? and s.sampled_at >= ? and s.sampled_at < ?
        window w as (partition by s.volume_id order by s.sampled_at)),
      hour as (
        insert into usage_hour (volume_id, hour, min_bytes, avg_bytes, max_bytes, last_bytes, last_inodes, size_bytes)
        select volume_id, ?::timestamptz, min(used_bytes), round(sum(used_bytes * seconds) / sum(seconds))::bigint,
               max(used_bytes), max(used_bytes) filter (where is_last), max(used_inodes) filter (where is_last),
               max(size_bytes) filter (where is_last)
        from part group by volume_id
        on conflict do nothing
        returning *)
      insert into usage_day as d (volume_id, day, min_bytes, avg_bytes, max_bytes, last_bytes, last_inodes, size_bytes, hours)
      select volume_id, ?::date, min_bytes, avg_bytes, max_bytes, last_bytes, last_inodes, size_bytes, 1 from hour
      on conflict (volume_id, day) do update set
        min_bytes = least(d.min_bytes, excluded.min_bytes),
        avg_bytes = round((d.avg_bytes::numeric * d.hours + excluded.avg_bytes) / (d.hours + 1))::bigint,
        max_bytes = greatest(d.max_bytes, excluded.max_bytes),
        last_bytes = excluded.last_bytes, last_inodes = excluded.last_inodes, size_bytes = excluded.size_bytes,
        hours = d.hours + 1\
      """;

  /** Least squares through the ends of the last days and of today's hours; one point is no line. */
  private static final String GROWTH =
      """
      with point as (
        select volume_id, (day + 1 - date '2000-01-01')::float8 as x, last_bytes as y
        from usage_day where day >= ?::date and day < ?::date
        union all
        select volume_id, extract(epoch from hour + interval '1 hour' - timestamptz '2000-01-01 00:00:00+00')::float8 / 86400,
               last_bytes
        from usage_hour where hour >= ?::timestamptz and hour < ?::timestamptz),
      line as (
        select volume_id, regr_slope(y, x) as slope, count(*) as points from point group by volume_id)
      update usage_latest l set growth_bytes_per_day = line.slope, growth_points = line.points
      from line
      where line.volume_id = l.volume_id and l.node_id = ?
        and (l.growth_bytes_per_day, l.growth_points) is distinct from (line.slope, line.points)\
      """;

  private static final String OWNERS =
      """
      insert into usage_owner_day as o (node_id, owner, type, day, volumes, size_bytes, avg_bytes, last_bytes)
      select l.node_id, l.owner, l.type, d.day, count(*), sum(d.size_bytes), sum(d.avg_bytes), sum(d.last_bytes)
      from usage_day d join usage_latest l on l.volume_id = d.volume_id
      where d.day = ?::date and l.node_id = ?
      group by l.node_id, l.owner, l.type, d.day
      on conflict (node_id, day, owner, type) do update set
        volumes = excluded.volumes, size_bytes = excluded.size_bytes,
        avg_bytes = excluded.avg_bytes, last_bytes = excluded.last_bytes\
      """;

  private RollupSql() {}

  /** The hour that begins at {@code hour}: into its own row, its day, and how far we are. */
  static Changes hour(UUID node, Instant hour) {
    Instant end = hour.plus(1, ChronoUnit.HOURS);
    return new Changes()
        .add(HOUR, end, node, hour, end, hour, day(hour))
        .add(OWNERS, day(hour), node)
        .add(
            "insert into usage_progress (node_id, hours_until) values (?, ?)"
                + " on conflict (node_id) do update set hours_until = excluded.hours_until",
            node,
            end);
  }

  /** How fast each volume grows, as of {@code full}, the end of the last full hour. */
  static Changes growth(UUID node, Instant full) {
    // The hours of yesterday are in a day of their own at midnight.
    Instant today = full.truncatedTo(ChronoUnit.DAYS);
    return new Changes()
        .add(
            GROWTH,
            day(today.minus(DAYS_OF_GROWTH, ChronoUnit.DAYS)),
            day(today),
            today,
            full,
            node);
  }

  /** The day of a time, UTC, as SQL has it. */
  static String day(Instant time) {
    return time.atZone(ZoneOffset.UTC).toLocalDate().toString();
  }
}
