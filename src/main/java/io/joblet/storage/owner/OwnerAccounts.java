package io.joblet.storage.owner;

import io.joblet.storage.config.OwnerName;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Columns;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * What owners may have on this node, and have. The limits are enforced by the database's triggers
 * (db/migration/V3), in the transaction that makes or enlarges something.
 */
@ApplicationScoped
public class OwnerAccounts {
  private static final String SELECT =
      "select o.name, l.volumes, l.volume_bytes, l.memory_bytes, l.jobs,"
          + " u.volumes, u.volume_bytes, u.memory_bytes, u.jobs, coalesce(l.row_version + 1, 0)"
          + " from %s"
          + " left join owner_limit l on l.node_id = ? and l.owner = o.name"
          + " cross join lateral owner_use(?, o.name) u order by o.name";

  private static final String ONE = SELECT.formatted("(select ?::text as name) o");

  private static final String PAGE =
      SELECT.formatted(
          "(select owner as name from owner_limit where node_id = ? and owner > ?"
              + " union select owner from volume where node_id = ? and owner > ?"
              + " union select owner from job where node_id = ? and owner > ? and state <> 'ENDED'"
              + " order by name limit ?) o");

  /** Limits that were lifted and set again shall not have a version that they had before. */
  private static final String FIRST_VERSION =
      "(extract(epoch from clock_timestamp()) * 1000000)::bigint";

  private final RoundTrips database;
  private final CurrentNode node;

  OwnerAccounts(RoundTrips database, CurrentNode node) {
    this.database = database;
    this.node = node;
  }

  /** One owner, who need not have anything. */
  public OwnerAccount get(OwnerName owner) {
    return database
        .readAll(ONE, OwnerAccounts::account, owner.text(), node.id(), node.id())
        .getFirst();
  }

  /**
   * Owners that have something or a limit, by name.
   *
   * @param after only names greater than this; empty for all
   */
  public List<OwnerAccount> list(String after, int limit) {
    return database.readAll(
        PAGE,
        OwnerAccounts::account,
        node.id(),
        after,
        node.id(),
        after,
        node.id(),
        after,
        limit,
        node.id(),
        node.id());
  }

  /**
   * Replaces the limits that are meant; what is there beyond them stays. The same again changes
   * nothing, also with the version that was there before.
   *
   * @throws Problem.Conflict when they have another version than the one asked for
   */
  public OwnerAccount setLimits(OwnerName owner, LimitChange change, Caller caller) {
    OwnerLimits to = change.first();
    Changes changes = new Changes();
    change.ifVersion().ifPresent(version -> demand(changes, owner, version, caller));
    changes
        .add(
            "insert into owner_limit as l (node_id, owner, volumes, volume_bytes, memory_bytes,"
                + " jobs, updated_at, updated_by, row_version)"
                + " values (?, ?, ?::bigint, ?::bigint, ?::bigint, ?::bigint, ?, ?, "
                + FIRST_VERSION
                + ")"
                + " on conflict (node_id, owner) do update set"
                + " volumes = case when ? then excluded.volumes else l.volumes end,"
                + " volume_bytes = case when ? then excluded.volume_bytes else l.volume_bytes end,"
                + " memory_bytes = case when ? then excluded.memory_bytes else l.memory_bytes end,"
                + " jobs = case when ? then excluded.jobs else l.jobs end,"
                + " updated_at = excluded.updated_at, updated_by = excluded.updated_by,"
                + " row_version = l.row_version + 1",
            node.id(),
            owner.text(),
            to.volumes(),
            to.volumeBytes(),
            to.memoryBytes(),
            to.jobs(),
            Instant.now(),
            caller.principal(),
            change.volumes(),
            change.volumeBytes(),
            change.memoryBytes(),
            change.jobs())
        // Whoever has no limit shall find no row to wait at.
        .add(
            "delete from owner_limit where node_id = ? and owner = ? and volumes is null"
                + " and volume_bytes is null and memory_bytes is null and jobs is null",
            node.id(),
            owner.text());
    commit(changes, owner, change);
    return get(owner);
  }

  private void commit(Changes changes, OwnerName owner, LimitChange change) {
    try {
      database.commit(changes);
    } catch (Problem.Conflict e) {
      if (change.ifVersion().isEmpty()) {
        throw e;
      }
      // Sent again, since the answer was lost or somebody clicked twice: it has been done.
      if (change.isIn(get(owner).limits())) {
        return;
      }
      throw new Problem.Conflict(
          "the limits of '"
              + owner.text()
              + "' have another row_version than "
              + change.ifVersion().getAsLong()
              + ": they were changed meanwhile",
          e);
    }
  }

  /** Nothing is done unless they have that version, also against others who want to change it. */
  private void demand(Changes changes, OwnerName owner, long version, Caller caller) {
    if (version == 0) {
      changes.one(
          "insert into owner_limit (node_id, owner, updated_at, updated_by, row_version)"
              + " values (?, ?, ?, ?, "
              + FIRST_VERSION
              + ") on conflict do nothing",
          node.id(),
          owner.text(),
          Instant.now(),
          caller.principal());
    } else {
      changes.there(
          "select from owner_limit where node_id = ? and owner = ? and row_version = ? for update",
          node.id(),
          owner.text(),
          version - 1);
    }
  }

  private static OwnerAccount account(Columns rows) throws SQLException {
    return new OwnerAccount(
        rows.text(),
        new OwnerLimits(
            rows.numberOrNull(), rows.numberOrNull(), rows.numberOrNull(), rows.numberOrNull()),
        new OwnerAccount.Use(rows.number(), rows.number(), rows.number(), rows.number()),
        rows.number());
  }
}
