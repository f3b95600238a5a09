package io.joblet.storage.volume;

import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Columns;
import java.sql.SQLException;
import java.util.Optional;

/** Attachments in the SQL of {@link io.joblet.storage.journal.RoundTrips}. */
public final class AttachmentRows {
  /** What {@link #read} reads, of a table named {@code a}. */
  public static final String COLUMNS =
      "a.id, a.node_id, a.volume_id, a.job_id, a.job_name, a.job_owner, a.job_directory,"
          + " a.mount_path, a.read_only, a.access_mode, a.state, a.created_at, a.attached_at, a.reason, a.row_version, "
          + IoLimitRows.columns("a");

  private static final int COUNT = COLUMNS.split(",", -1).length;

  private static final String OF_VERSION = " where id = ? and row_version = ?";

  private AttachmentRows() {}

  /** Empty where an outer join found none. */
  public static Optional<Attachment> read(Columns row) throws SQLException {
    Attachment attachment = new Attachment();
    attachment.id = row.uuid();
    if (attachment.id == null) {
      row.skip(COUNT - 1);
      return Optional.empty();
    }
    attachment.nodeId = row.uuid();
    attachment.volumeId = row.uuid();
    attachment.jobId = row.uuid();
    attachment.jobName = row.text();
    attachment.jobOwner = row.text();
    attachment.jobDirectory = row.text();
    attachment.mountPath = row.text();
    attachment.readOnly = row.flag();
    attachment.accessMode = row.constant(AccessMode.class);
    attachment.state = row.constant(Attachment.State.class);
    attachment.createdAt = row.time();
    attachment.attachedAt = row.time();
    attachment.reason = row.text();
    attachment.rowVersion = row.number();
    attachment.ioLimits = IoLimitRows.read(row);
    return Optional.of(attachment);
  }

  public static void insert(Changes changes, Attachment attachment) {
    changes.add(
        "insert into attachment (id, node_id, volume_id, job_id, job_name, job_owner,"
            + " job_directory, mount_path, read_only, access_mode, state, created_at, attached_at, reason, row_version,"
            + " read_bps, write_bps, read_iops, write_iops)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)",
        attachment.id,
        attachment.nodeId,
        attachment.volumeId,
        attachment.jobId,
        attachment.jobName,
        attachment.jobOwner,
        attachment.jobDirectory,
        attachment.mountPath,
        attachment.readOnly,
        attachment.accessMode,
        attachment.state,
        attachment.createdAt,
        attachment.attachedAt,
        attachment.reason,
        attachment.ioLimits.readBps,
        attachment.ioLimits.writeBps,
        attachment.ioLimits.readIops,
        attachment.ioLimits.writeIops);
  }

  /** The row must be of the version that was read; {@code attachment} has the next one then. */
  public static void write(Changes changes, Attachment attachment) {
    changes.one(
        "update attachment set state = ?, attached_at = ?, reason = ?,"
            + " row_version = row_version + 1"
            + OF_VERSION,
        attachment.state,
        attachment.attachedAt,
        attachment.reason,
        attachment.id,
        attachment.rowVersion++);
  }

  public static void delete(Changes changes, Attachment attachment) {
    changes.one("delete from attachment" + OF_VERSION, attachment.id, attachment.rowVersion);
  }
}
