package io.joblet.storage.cli.values;

/** Which state of a row is meant; 0 where there is no row yet. */
public record RowVersion(long number) {

  /** Reads one of up to 2^63-1. */
  public static RowVersion of(String text) {
    return new RowVersion(EventPosition.of(text).number());
  }
}
