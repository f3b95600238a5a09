package io.joblet.storage.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets so many refusals of a caller be written each minute, and counts the rest, of which there is
 * one row: nobody fills the database by being refused. Safe for use by many threads.
 *
 * <p>What was only counted is lost when the daemon is killed.
 */
final class RefusalBudget {
  /** Written for each principal in each window, beside the row of those that were counted. */
  static final int MOST = 60;

  static final Duration WINDOW = Duration.ofMinutes(1);

  private final Map<String, Window> windows = new HashMap<>();

  private static final class Window {
    private final Instant end;
    private int written;
    private AuditRow last;
    private long counted;

    private Window(Instant begin) {
      this.end = begin.plus(WINDOW);
    }
  }

  /** Whether that refusal is to be written itself; else it is counted. */
  synchronized boolean write(AuditRow refusal, Instant now) {
    Window window = windows.get(refusal.principal);
    if (window == null || (window.counted == 0 && !now.isBefore(window.end))) {
      window = new Window(now);
      windows.put(refusal.principal, window);
    }
    if (window.written < MOST) {
      window.written++;
      return true;
    }
    window.counted++;
    window.last = refusal;
    return false;
  }

  /** The rows of what was counted in windows that have ended; those windows are forgotten. */
  synchronized List<AuditRow> counted(Instant now) {
    List<AuditRow> rows = new ArrayList<>();
    windows
        .values()
        .removeIf(window -> {
          boolean over = !now.isBefore(window.end);
          if (over && window.counted > 0) {
            window.last.calls = window.counted;
            rows.add(window.last);
          }
          return over;
        });
    return rows;
  }
}
