package io.joblet.storage.job;

import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Json;

/** Root file systems and runs in the SQL of {@link io.joblet.storage.journal.RoundTrips}. */
final class JobFilesystemRows {
  private JobFilesystemRows() {}

  static void insert(Changes changes, JobFilesystem row) {
    changes.add(
        "insert into job_filesystem (job_id, userland, directory, work_bytes, tmp_bytes, shm_bytes,"
            + " uid, gid, row_version) values (?, ?, ?, ?, ?, ?, ?, ?, 0)",
        row.jobId,
        row.userland,
        row.directory,
        row.workBytes,
        row.tmpBytes,
        row.shmBytes,
        row.uid,
        row.gid);
  }

  static void insert(Changes changes, JobRun row) {
    changes.add(
        "insert into job_run (job_id, state, command, environment_names, working_directory,"
            + " own_network, pids_limit, read_bps, write_bps, read_iops, write_iops, log_bytes,"
            + " warnings, row_version)"
            + " values (?, ?, cast(? as jsonb), cast(? as jsonb), ?, ?, ?, ?, ?, ?, ?, ?,"
            + " cast(? as jsonb), 0)",
        row.jobId,
        row.state,
        Json.text(row.command),
        Json.text(row.environmentNames),
        row.workingDirectory,
        row.ownNetwork,
        row.pidsLimit,
        row.ioLimits.readBps,
        row.ioLimits.writeBps,
        row.ioLimits.readIops,
        row.ioLimits.writeIops,
        row.logBytes,
        Json.text(row.warnings));
  }

  /** The row must be of the version that is known; {@code row} has the next one then. */
  static void writeBegin(Changes changes, JobRun row) {
    changes.one(
        "update job_run set state = ?, boot_id = ?, pid = ?, start_ticks = ?, started_at = ?,"
            + " warnings = cast(? as jsonb), row_version = row_version + 1"
            + " where job_id = ? and row_version = ?",
        row.state,
        row.bootId,
        row.pid,
        row.startTicks,
        row.startedAt,
        Json.text(row.warnings),
        row.jobId,
        row.rowVersion++);
  }

  /** As {@link #writeBegin}, of how it ended. */
  static void writeEnd(Changes changes, JobRun row) {
    changes.one(
        "update job_run set state = ?, finished_at = ?, exit_code = ?, signal = ?, failure = ?,"
            + " warnings = cast(? as jsonb), row_version = row_version + 1"
            + " where job_id = ? and row_version = ?",
        row.state,
        row.finishedAt,
        row.exitCode,
        row.signal,
        row.failure,
        Json.text(row.warnings),
        row.jobId,
        row.rowVersion++);
  }
}
