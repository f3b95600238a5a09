package io.joblet.storage.host;

import java.time.Instant;
import java.util.List;

/** A reader of one job's output. Not for several threads. */
public interface JobLog extends AutoCloseable {

  /**
   * What there is since the last call, at most about a mebibyte; empty if there is nothing new.
   * Does not wait.
   */
  List<Entry> next();

  /**
   * Whether all that there was when this was first asked has been read, or was removed before. A
   * job can write faster than anybody reads, so that {@link #next} need never come back empty.
   */
  boolean caughtUp();

  /**
   * One piece of output.
   *
   * @param error standard error; else standard output
   * @param lost output before this was removed before it could be read; comes without bytes
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // Nobody compares them; a copy would cost every byte twice.
  record Entry(Instant time, boolean error, byte[] bytes, boolean lost) {}

  @Override
  void close();
}
