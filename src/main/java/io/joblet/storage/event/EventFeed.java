package io.joblet.storage.event;

import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Events as they come. Safe for use by many threads; those that wait cost the database nothing, as
 * one look each second serves all of them.
 *
 * <p>Nothing is lost over a crash or a restart: an event is committed with its change, and a reader
 * resumes behind the last position it has seen.
 */
@ApplicationScoped
public class EventFeed {
  private static final int MOST = 500;

  private final EventLog log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private volatile long last = -1;

  EventFeed(EventLog log) {
    this.log = log;
  }

  /** Events, and the position up to which they are all there are. */
  public record Batch(List<VolumeEvent> events, long position) {}

  /** The position of the last event so far. */
  public long last() {
    advance();
    return last;
  }

  /** Gives positions to what has happened, and wakes those who wait for it. */
  public void advance() {
    lock.lock();
    try {
      Optional<Long> newest = log.sequence();
      if (last < 0) {
        last = log.last();
      }
      newest.ifPresent(position -> {
        last = Math.max(last, position);
        grown.signalAll();
      });
    } finally {
      lock.unlock();
    }
  }

  /**
   * What happened behind a position; none if there is nothing yet.
   *
   * @param owner whose; of everybody if empty
   * @param volume of which; of all if empty
   * @throws Problem.OutOfRange when some behind that position have been dropped
   */
  public Batch after(long position, Optional<String> owner, Optional<UUID> volume) {
    long upTo = Math.max(position, last);
    List<VolumeEvent> events = log.after(position, owner, volume, MOST);
    boolean more = events.size() == MOST;
    long seen = events.isEmpty() ? position : events.getLast().position();
    return new Batch(events, more ? seen : Math.max(seen, upTo));
  }

  /**
   * The position behind which there are so many of the last events, or all that are kept.
   *
   * @param owner whose; of everybody if empty
   * @param volume of which; of all if empty
   */
  public long beforeLast(int events, Optional<String> owner, Optional<UUID> volume) {
    return log.beforeLast(events, owner, volume);
  }

  /** Waits for an event behind a position, of whomever, and no longer than that. */
  public void await(long position, Duration atMost) {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (last <= position && left > 0) {
        left = grown.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Drops events that are older. */
  public void forgetBefore(Instant before) {
    log.forgetBefore(before);
  }
}
