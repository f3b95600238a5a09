package io.joblet.storage.journal;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads the audit, the latest first. */
@ApplicationScoped
public class AuditTrail {
  private final RoundTrips trips;
  private final CurrentNode node;

  AuditTrail(RoundTrips trips, CurrentNode node) {
    this.trips = trips;
    this.node = node;
  }

  /** An entry; texts that it does not have are null. */
  public record Entry(
      UUID id,
      Instant at,
      String principal,
      String role,
      String owner,
      String source,
      String method,
      String target,
      String related,
      String requestId,
      String outcome,
      String message,
      long durationUs,
      String wanted,
      long calls) {}

  /**
   * At most that many entries.
   *
   * @param owner of the calls; all if empty
   * @param before only what was written before that entry
   */
  public List<Entry> list(Optional<String> owner, Optional<UUID> before, int limit) {
    StringBuilder sql =
        new StringBuilder(
            "select id, at, principal, role, owner, source, method, target, related, request_id,"
                + " outcome, message, duration_us, wanted::text, calls from audit where node_id = ?");
    List<Object> parameters = new ArrayList<>(List.of(node.id()));
    owner.ifPresent(o -> {
      sql.append(" and owner = ?");
      parameters.add(o);
    });
    before.ifPresent(id -> {
      sql.append(" and id < ?");
      parameters.add(id);
    });
    parameters.add(limit);
    return trips.read(
        sql.append(" order by id desc limit ?").toString(), AuditTrail::all, parameters.toArray());
  }

  private static List<Entry> all(Columns row) throws SQLException {
    List<Entry> entries = new ArrayList<>();
    while (row.next()) {
      entries.add(
          new Entry(
              row.uuid(),
              row.time(),
              row.text(),
              row.text(),
              row.text(),
              row.text(),
              row.text(),
              row.text(),
              row.text(),
              row.text(),
              row.text(),
              row.text(),
              row.number(),
              row.text(),
              row.number()));
    }
    return entries;
  }
}
