package io.joblet.storage.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/** Reads the columns of each row one after another, as the classes that know them ask for them. */
public final class Columns {
  private final ResultSet rows;
  private int at;

  Columns(ResultSet rows) {
    this.rows = rows;
  }

  /** Goes to the next row, and its first column; false behind the last. */
  public boolean next() throws SQLException {
    at = 0;
    return rows.next();
  }

  public UUID uuid() throws SQLException {
    return rows.getObject(++at, UUID.class);
  }

  public String text() throws SQLException {
    return rows.getString(++at);
  }

  public boolean flag() throws SQLException {
    return rows.getBoolean(++at);
  }

  public long number() throws SQLException {
    return rows.getLong(++at);
  }

  public Long numberOrNull() throws SQLException {
    long number = rows.getLong(++at);
    return rows.wasNull() ? null : Long.valueOf(number);
  }

  /** Null where the column is. */
  public Instant time() throws SQLException {
    OffsetDateTime time = rows.getObject(++at, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** Null where the column is. */
  public <E extends Enum<E>> E constant(Class<E> type) throws SQLException {
    String name = text();
    return name == null ? null : Enum.valueOf(type, name);
  }

  /** Passes over the columns of something that is not there. */
  public void skip(int columns) {
    at += columns;
  }
}
