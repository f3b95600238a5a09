package io.joblet.storage.usage;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;

/**
 * Keeps the history of use in order: partitions are there before they are needed, full hours are
 * rolled up once, and what is past its retention is dropped. Each hour is a transaction of its own
 * that also writes down how far it came, so a daemon that was away or was killed goes on from
 * there.
 *
 * <p>One thread at a time.
 */
@ApplicationScoped
class UsageHistory {
  private static final Logger LOG = Logger.getLogger(UsageHistory.class);

  /** Partitions are made and dropped between readers, who must not have to wait behind us. */
  private static final String BRIEFLY = "set local lock_timeout = '5s'";

  private final RoundTrips trips;
  private final CurrentNode node;
  private final Duration samples;
  private final Duration hours;
  private final Duration days;
  private LocalDate preparedFor;
  private Instant rolledUpTo = Instant.MIN;

  UsageHistory(RoundTrips trips, CurrentNode node, StorageConfig config) {
    this.trips = trips;
    this.node = node;
    this.samples = config.usage().retention();
    this.hours = config.usage().hourlyRetention();
    this.days = config.usage().dailyRetention();
  }

  /**
   * Makes the partitions of {@code at} and of the next two days. What does not go now is tried
   * again the next time: there is room for two days.
   */
  void prepare(Instant at) {
    LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
    if (day.equals(preparedFor)) {
      return;
    }
    try {
      trips.commit(new Changes().add(BRIEFLY).add("select usage_make_partitions(?)", at));
      preparedFor = day;
    } catch (Problem e) {
      LOG.warnf("partitions of usage will be made later: %s", e.getMessage());
    }
  }

  /** Rolls up the hours that are full at {@code at}, and drops what is too old. */
  void keepUp(Instant at) {
    Instant full = at.truncatedTo(ChronoUnit.HOURS);
    if (full.equals(rolledUpTo)) {
      return;
    }
    Instant earliest = at.minus(samples).truncatedTo(ChronoUnit.HOURS);
    Instant next = progress(full);
    for (next = next.isBefore(earliest) ? earliest : next;
        next.isBefore(full);
        next = next.plus(1, ChronoUnit.HOURS)) {
      trips.commit(RollupSql.hour(node.id(), next));
    }
    trips.commit(RollupSql.growth(node.id(), full));
    forget(at);
    rolledUpTo = full;
  }

  /** Up to when hours are rolled up; a node without any begins with the oldest sample it has. */
  private Instant progress(Instant full) {
    return trips.read(
        "select coalesce((select hours_until from usage_progress where node_id = ?),"
            + " (select date_trunc('hour', min(sampled_at), 'UTC') from pool_sample where node_id = ?))",
        rows -> {
          Instant until = rows.next() ? rows.time() : null;
          return until == null ? full : until;
        },
        node.id(),
        node.id());
  }

  private void forget(Instant at) {
    try {
      trips.commit(
          new Changes()
              .add(BRIEFLY)
              .add(
                  "select usage_drop_partitions('usage_sample', interval '1 day', ?)",
                  at.minus(samples))
              .add(
                  "select usage_drop_partitions('usage_hour', interval '1 month', ?)",
                  at.minus(hours))
              .add(
                  "select usage_drop_partitions('usage_day', interval '1 month', ?)",
                  at.minus(days))
              .add(RollupSql.THIN_POOL_SAMPLES, node.id(), at.minus(samples))
              .add(
                  "delete from pool_sample where node_id = ? and sampled_at < ?",
                  node.id(),
                  at.minus(days))
              .add(
                  "delete from usage_job where node_id = ? and last_at < ?",
                  node.id(),
                  at.minus(days))
              .add(
                  "delete from usage_owner_day where node_id = ? and day < ?::date",
                  node.id(),
                  RollupSql.day(at.minus(days)))
              .add(
                  "delete from usage_latest l where node_id = ? and sampled_at < ?"
                      + " and not exists (select from volume v where v.id = l.volume_id)",
                  node.id(),
                  at.minus(days)));
    } catch (Problem e) {
      LOG.warnf("old records of usage will be dropped later: %s", e.getMessage());
    }
  }
}
