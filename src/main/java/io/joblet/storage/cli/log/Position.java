package io.joblet.storage.cli.log;

import com.google.protobuf.ByteString;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.v1.Chunk;
import java.time.Instant;

/**
 * How much of a job's output has been printed, so that a log which is read again from its beginning
 * goes on where printing stopped: the time of the last chunk, and how many bytes of each stream had
 * that time. The log may be cut into other chunks than it came in the first time.
 */
final class Position {
  private Instant time = Instant.MIN;
  private long outputThen;
  private long errorsThen;
  private boolean rereading;
  private long outputToSkip;
  private long errorsToSkip;

  /** What follows comes from the beginning again. */
  void rewind() {
    rereading = true;
    outputToSkip = outputThen;
    errorsToSkip = errorsThen;
  }

  /** The part of a chunk that has not been printed, which counts as printed from now on. */
  ByteString unseen(Chunk chunk) {
    Instant then = Shown.instant(chunk.getTime());
    ByteString data = rereading ? rest(chunk, then) : chunk.getData();
    if (!data.isEmpty()) {
      advance(then, chunk.getError(), data.size());
    }
    return data;
  }

  private ByteString rest(Chunk chunk, Instant then) {
    int order = then.compareTo(time);
    if (order < 0) {
      return ByteString.EMPTY;
    }
    if (order > 0) {
      // From here on all is new, whatever a clock that was set back says.
      rereading = false;
      return chunk.getData();
    }
    ByteString data = chunk.getData();
    long seen = Math.min(data.size(), chunk.getError() ? errorsToSkip : outputToSkip);
    if (chunk.getError()) {
      errorsToSkip -= seen;
    } else {
      outputToSkip -= seen;
    }
    return data.substring((int) seen);
  }

  private void advance(Instant then, boolean error, int bytes) {
    if (!then.equals(time)) {
      time = then;
      outputThen = 0;
      errorsThen = 0;
    }
    if (error) {
      errorsThen += bytes;
    } else {
      outputThen += bytes;
    }
  }
}
