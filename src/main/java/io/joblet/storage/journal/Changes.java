package io.joblet.storage.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Changes of rows that are one transaction and one round trip: {@link RoundTrips#commit}. Not for
 * use by several threads.
 *
 * <p>Values are what {@link RoundTrips} can bind: strings, numbers, booleans, UUIDs, instants,
 * enums (by their name), byte arrays and null.
 */
public final class Changes {
  private static final String COMMIT = "commit";

  private final List<String> statements = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  /**
   * A statement that has to change one row, such as an update that demands a version; else nothing
   * of all this is done and {@link RoundTrips#commit} reports a conflict.
   */
  public Changes one(String sql, Object... parameters) {
    // Nothing is committed for a division by zero, and it takes no round trip to see it.
    return add(
        "with changed as (" + sql + " returning 1) select 1 / count(*) from changed", parameters);
  }

  /** A row that has to be there. */
  public Changes there(String sql, Object... parameters) {
    return add("select 1 / count(*) from (" + sql + ") there", parameters);
  }

  /** A statement that may change any number of rows. */
  public Changes add(String sql, Object... parameters) {
    statements.add(sql);
    values.addAll(java.util.Arrays.asList(parameters));
    return this;
  }

  public boolean isEmpty() {
    return statements.isEmpty();
  }

  List<Object> values() {
    return values;
  }

  String sql() {
    return statements.stream().collect(Collectors.joining("; ", "", "; " + COMMIT));
  }
}
