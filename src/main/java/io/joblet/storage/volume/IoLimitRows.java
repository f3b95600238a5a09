package io.joblet.storage.volume;

import io.joblet.storage.journal.Columns;
import java.sql.SQLException;

/** I/O limits in the SQL of {@link io.joblet.storage.journal.RoundTrips}. */
public final class IoLimitRows {
  private IoLimitRows() {}

  /** What {@link #read} reads, of a table of that name. */
  public static String columns(String table) {
    return String.join(
        ", ",
        table + ".read_bps",
        table + ".write_bps",
        table + ".read_iops",
        table + ".write_iops");
  }

  /** Nulls, where an outer join found none, are no limits. */
  public static IoLimitColumns read(Columns row) throws SQLException {
    return IoLimitColumns.of(row.number(), row.number(), row.number(), row.number());
  }
}
