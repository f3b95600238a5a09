package io.joblet.storage.job;

import io.joblet.storage.host.JobLog;
import io.joblet.storage.journal.HostWork;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A job's output as it comes, until the job has ended or, without following, until what there was
 * at the first look has been read. For one thread; made by {@link JobOutputs}, and closed by
 * whoever got it.
 */
public final class OutputReader implements AutoCloseable {
  /** Large enough to be cheap, small enough for any message. */
  private static final int LARGEST_PIECE = 64 << 10;

  /** Between two looks at a job that says nothing; it grows from one to the other. */
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

  private static final Duration LONGEST_PAUSE = Duration.ofMillis(160);

  private final JobView first;
  private final JobLog log;
  private final boolean follow;
  private final boolean joinLines;
  private final RunWatch watch;
  private final JobQueries queries;
  private final HostWork host;
  private Duration pause = SHORTEST_PAUSE;
  private boolean finished;

  OutputReader(
      JobView first,
      JobLog log,
      boolean follow,
      boolean joinLines,
      RunWatch watch,
      JobQueries queries,
      HostWork host) {
    this.first = first;
    this.log = log;
    this.follow = follow;
    this.joinLines = joinLines;
    this.watch = watch;
    this.queries = queries;
    this.host = host;
  }

  /**
   * Something that a job wrote.
   *
   * @param error standard error; else standard output
   * @param lost output before this was dropped before it could be read; comes without bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // As in JobLog: a copy would cost every byte twice.
  public record Piece(Instant time, boolean error, byte[] bytes, boolean lost) {}

  /** The job as it was at the beginning. */
  public JobView first() {
    return first;
  }

  /**
   * What came since the last call; waits a moment when there is nothing, and may then still be
   * empty.
   */
  public List<Piece> next() {
    UUID id = first.job().id;
    // Asked before reading: what an ended job has written is there to be read, all of it.
    boolean ended = !watch.watches(id);
    List<JobLog.Entry> entries = host.ask(log::next);
    if (!entries.isEmpty()) {
      finished = !follow && !ended && host.ask(log::caughtUp);
      pause = SHORTEST_PAUSE;
    } else if (follow && !ended) {
      watch.awaitEnd(id, pause);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
    } else {
      finished = true;
    }
    return joinLines ? joined(entries) : entries.stream().map(OutputReader::piece).toList();
  }

  /** Whether there will be no more. */
  public boolean finished() {
    return finished;
  }

  /** The job as it is now; empty when it has been removed meanwhile. */
  public Optional<JobView> last() {
    return queries.now(first.job().id);
  }

  @Override
  public void close() {
    log.close();
  }

  /** A joined piece has the time of its last line: up to then everything has been told. */
  private static List<Piece> joined(List<JobLog.Entry> entries) {
    List<Piece> pieces = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JobLog.Entry last = null;
    for (JobLog.Entry entry : entries) {
      boolean goesOn =
          last != null
              && !entry.lost()
              && last.error() == entry.error()
              && bytes.size() + entry.bytes().length <= LARGEST_PIECE;
      if (!goesOn && last != null) {
        pieces.add(new Piece(last.time(), last.error(), bytes.toByteArray(), false));
        bytes.reset();
        last = null;
      }
      if (entry.lost()) {
        pieces.add(piece(entry));
      } else {
        last = entry;
        bytes.writeBytes(entry.bytes());
      }
    }
    if (last != null) {
      pieces.add(new Piece(last.time(), last.error(), bytes.toByteArray(), false));
    }
    return pieces;
  }

  private static Piece piece(JobLog.Entry entry) {
    return new Piece(entry.time(), entry.error(), entry.bytes(), entry.lost());
  }
}
