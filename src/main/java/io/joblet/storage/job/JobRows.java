package io.joblet.storage.job;

import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Columns;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Jobs in the SQL of {@link io.joblet.storage.journal.RoundTrips}. */
final class JobRows {
  /** What {@link #read} reads, of a table named {@code j}. */
  static final String COLUMNS =
      "j.id, j.node_id, j.name, j.owner, j.directory, j.state, j.liveness, j.boot_id, j.pid,"
          + " j.start_ticks, j.lease_seconds, j.lease_expires_at, j.created_at, j.ended_at, j.reason,"
          + " j.row_version";

  private static final String IDLE = "its last volume was detached";

  private JobRows() {}

  /** Empty where an outer join found none. To be read last of a row. */
  static Optional<Job> read(Columns row) throws SQLException {
    Job job = new Job();
    job.id = row.uuid();
    if (job.id == null) {
      return Optional.empty();
    }
    job.nodeId = row.uuid();
    job.name = row.text();
    job.owner = row.text();
    job.directory = row.text();
    job.state = row.constant(Job.State.class);
    job.liveness = row.constant(Job.By.class);
    job.bootId = row.text();
    job.pid = row.numberOrNull();
    job.startTicks = row.numberOrNull();
    job.leaseSeconds = row.numberOrNull();
    job.leaseExpiresAt = row.time();
    job.createdAt = row.time();
    job.endedAt = row.time();
    job.reason = row.text();
    job.rowVersion = row.number();
    return Optional.of(job);
  }

  static void insert(Changes changes, Job job) {
    changes.add(
        "insert into job (id, node_id, name, owner, directory, state, liveness, boot_id, pid, start_ticks,"
            + " lease_seconds, lease_expires_at, created_at, reason, row_version)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        job.id,
        job.nodeId,
        job.name,
        job.owner,
        job.directory,
        job.state,
        job.liveness,
        job.bootId,
        job.pid,
        job.startTicks,
        job.leaseSeconds,
        job.leaseExpiresAt,
        job.createdAt,
        job.reason);
  }

  static void writeState(Changes changes, Job job) {
    changes.one(
        "update job set state = ?, reason = ?, ended_at = ?, row_version = row_version + 1"
            + " where id = ? and row_version = ?",
        job.state,
        job.reason,
        job.endedAt,
        job.id,
        job.rowVersion++);
  }

  /**
   * A job that holds nothing more is over, unless it is being cleaned up, which ends it itself, or
   * has a file system: most callers attach and detach and never say more.
   */
  static void endIfIdle(Changes changes, UUID id, Instant now) {
    changes.add(
        "update job set state = 'ENDED', ended_at = ?, reason = ?, row_version = row_version + 1"
            + " where id = ? and state = 'ACTIVE'"
            + " and not exists (select from attachment where job_id = ?)"
            + " and not exists (select from job_filesystem where job_id = ?)",
        now,
        IDLE,
        id,
        id,
        id);
  }
}
