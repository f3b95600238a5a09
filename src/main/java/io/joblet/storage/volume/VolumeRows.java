package io.joblet.storage.volume;

import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Columns;
import io.joblet.storage.journal.Json;
import java.sql.SQLException;
import java.util.Locale;

/** Volumes in the SQL of {@link io.joblet.storage.journal.RoundTrips}; the entity is the model. */
public final class VolumeRows {
  /** What {@link #read} reads, of a table named {@code v}. */
  public static final String COLUMNS =
      "v.id, v.node_id, v.owner, v.name, v.type, v.provider, v.enforcement, v.state, v.size_bytes,"
          + " v.wanted_size_bytes, v.inode_limit, v.qgroup, v.uid, v.gid, v.mode, v.protected,"
          + " v.idle_timeout_seconds, v.labels, v.held_as, v.created_at, v.created_by,"
          + " v.last_used_at, v.deleted_at, v.purge_after, v.deleted_by, v.reason, v.row_version";

  private VolumeRows() {}

  public static Volume read(Columns row) throws SQLException {
    Volume volume = new Volume();
    volume.id = row.uuid();
    volume.nodeId = row.uuid();
    volume.owner = row.text();
    volume.name = row.text();
    volume.type = row.constant(VolumeType.class);
    volume.provider = ProviderName.valueOf(row.text().toUpperCase(Locale.ROOT));
    volume.enforcement = row.constant(Enforcement.class);
    volume.state = row.constant(VolumeState.class);
    volume.sizeBytes = row.number();
    volume.wantedSizeBytes = row.numberOrNull();
    volume.inodeLimit = row.number();
    volume.qgroup = row.numberOrNull();
    volume.uid = row.number();
    volume.gid = row.number();
    volume.mode = (int) row.number();
    volume.isProtected = row.flag();
    volume.idleTimeoutSeconds = row.numberOrNull();
    volume.labels = Json.texts(row.text());
    volume.heldAs = row.constant(AccessMode.class);
    volume.createdAt = row.time();
    volume.createdBy = row.text();
    volume.lastUsedAt = row.time();
    volume.deletedAt = row.time();
    volume.purgeAfter = row.time();
    volume.deletedBy = row.text();
    volume.reason = row.text();
    volume.rowVersion = row.number();
    return volume;
  }

  /** A new row as it is in {@code volume}. */
  static void insert(Changes changes, Volume volume) {
    changes.add(
        "insert into volume (id, node_id, owner, name, type, provider, enforcement, state,"
            + " size_bytes, inode_limit, qgroup, uid, gid, mode, protected, idle_timeout_seconds,"
            + " labels, created_at, created_by, reason, row_version)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, 0)",
        volume.id,
        volume.nodeId,
        volume.owner,
        volume.name,
        volume.type,
        volume.provider.text(),
        volume.enforcement,
        volume.state,
        volume.sizeBytes,
        volume.inodeLimit,
        volume.qgroup,
        volume.uid,
        volume.gid,
        volume.mode,
        volume.isProtected,
        volume.idleTimeoutSeconds,
        Json.text(volume.labels),
        volume.createdAt,
        volume.createdBy,
        volume.reason);
  }

  /**
   * Its life: state, and what goes with it. The row must be of the version that was read, and
   * {@code volume} has the next one from here on.
   */
  static void writeState(Changes changes, Volume volume) {
    changes.one(
        "update volume set state = ?, deleted_at = ?, purge_after = ?, deleted_by = ?, reason = ?,"
            + " row_version = row_version + 1 where id = ? and row_version = ?",
        volume.state,
        volume.deletedAt,
        volume.purgeAfter,
        volume.deletedBy,
        volume.reason,
        volume.id,
        volume.rowVersion++);
  }

  /** As {@link #writeState}, of how it is held and when it was used. */
  public static void writeUse(Changes changes, Volume volume) {
    changes.one(
        "update volume set held_as = ?, last_used_at = ?, row_version = row_version + 1"
            + " where id = ? and row_version = ?",
        volume.heldAs,
        volume.lastUsedAt,
        volume.id,
        volume.rowVersion++);
  }

  /** Demands that the row is of the version that was read. */
  public static void demand(Changes changes, Volume volume) {
    changes.there(
        "select from volume where id = ? and row_version = ?", volume.id, volume.rowVersion);
  }
}
