package io.joblet.storage.event;

import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Columns;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The table {@code volume_event} of this node.
 *
 * <p>Positions are given by one daemon, one batch after the other. Were they drawn by the changes
 * themselves, a smaller one could be committed after a larger one, and a reader who resumes from
 * the larger one would never see it.
 */
@ApplicationScoped
class EventLog {
  private static final int BATCH = 1000;

  /** Asks for whatever is kept. */
  private static final long OLDEST = 0;

  private final RoundTrips database;
  private final CurrentNode node;

  EventLog(RoundTrips database, CurrentNode node) {
    this.database = database;
    this.node = node;
  }

  /** The position of the last event; 0 before the first. */
  long last() {
    return database.read(
        "select greatest((select max(position) from volume_event where node_id = ?),"
            + " (select position from event_horizon where node_id = ?), 0)",
        EventLog::onlyNumber,
        node.id(),
        node.id());
  }

  /**
   * Gives what is pending its positions; for one thread at a time.
   *
   * @return the position of the last of them, or empty if nothing was pending
   */
  Optional<Long> sequence() {
    Optional<Long> last = sequenceBatch();
    Optional<Long> next = last;
    while (next.isPresent()) {
      last = next;
      next = sequenceBatch();
    }
    return last;
  }

  private Optional<Long> sequenceBatch() {
    return database.read(
        "with taken as (delete from volume_event_pending where id in"
            + " (select id from volume_event_pending where node_id = ? order by id limit ?)"
            + " returning *),"
            + " given as (insert into volume_event (node_id, kind, volume_id, volume_name, owner,"
            + " job_name, reason, happened_at) select node_id, kind, volume_id, volume_name, owner,"
            + " job_name, reason, happened_at from taken order by id returning position)"
            + " select max(position) from given",
        rows -> rows.next() ? Optional.ofNullable(rows.numberOrNull()) : Optional.empty(),
        node.id(),
        BATCH);
  }

  /**
   * Events behind a position, in order.
   *
   * @param owner whose; of everybody if empty
   * @param volume of which; of all if empty
   * @throws Problem.OutOfRange when some behind that position have been dropped
   */
  List<VolumeEvent> after(long position, Optional<String> owner, Optional<UUID> volume, int limit) {
    List<Object> values = new ArrayList<>(List.of(node.id(), position));
    String which = which(owner, volume, values);
    values.add(limit);
    List<VolumeEvent> events =
        database.readAll(
            "select position, kind, happened_at, volume_id, volume_name, owner, job_name, reason"
                + " from volume_event where node_id = ? and position > ?"
                + which
                + " order by position limit ?",
            EventLog::event,
            values.toArray());
    // Asked afterwards: what was dropped while it was being read is noticed.
    long horizon = horizon();
    if (position != OLDEST && position < horizon) {
      throw new Problem.OutOfRange(
          Problem.OutOfRange.When.KEPT_NO_LONGER,
          "after_position",
          "is too old: what happened up to " + horizon + " is kept no longer");
    }
    return events;
  }

  /**
   * The position behind which there are so many of the last events; {@link #OLDEST} if there are no
   * more than that.
   */
  long beforeLast(int events, Optional<String> owner, Optional<UUID> volume) {
    List<Object> values = new ArrayList<>(List.of(node.id()));
    String which = which(owner, volume, values);
    values.add(events);
    return database.read(
        "select position from volume_event where node_id = ?"
            + which
            + " order by position desc offset ? limit 1",
        rows -> rows.next() ? rows.number() : OLDEST,
        values.toArray());
  }

  private static String which(Optional<String> owner, Optional<UUID> volume, List<Object> values) {
    owner.ifPresent(values::add);
    volume.ifPresent(values::add);
    return (owner.isPresent() ? " and owner = ?" : "")
        + (volume.isPresent() ? " and volume_id = ?" : "");
  }

  private long horizon() {
    return database.read(
        "select coalesce(max(position), 0) from event_horizon where node_id = ?",
        EventLog::onlyNumber,
        node.id());
  }

  /** Drops what is older; the horizon says so to readers who were not so far. */
  void forgetBefore(Instant before) {
    Changes changes = new Changes();
    changes.add(
        "insert into event_horizon (node_id, position)"
            + " select node_id, max(position) from volume_event"
            + " where node_id = ? and happened_at < ? group by node_id"
            + " on conflict (node_id) do update"
            + " set position = greatest(event_horizon.position, excluded.position)",
        node.id(),
        before);
    changes.add(
        "delete from volume_event where node_id = ?"
            + " and position <= (select position from event_horizon where node_id = ?)",
        node.id(),
        node.id());
    database.commit(changes);
  }

  private static long onlyNumber(Columns rows) throws SQLException {
    rows.next();
    return rows.number();
  }

  private static VolumeEvent event(Columns rows) throws SQLException {
    return new VolumeEvent(
        rows.number(),
        rows.constant(VolumeEvent.Kind.class),
        rows.time(),
        rows.uuid(),
        rows.text(),
        rows.text(),
        Optional.ofNullable(rows.text()),
        rows.text());
  }
}
