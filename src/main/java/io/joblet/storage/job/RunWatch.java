package io.joblet.storage.job;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.JobProcesses;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Which running jobs this daemon waits for. Kept in memory alone: after a restart the rows say
 * which are to be watched again.
 */
@ApplicationScoped
class RunWatch {
  private final JobProcesses processes;
  private final Map<UUID, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();

  RunWatch(JobProcesses processes) {
    this.processes = processes;
  }

  /**
   * Runs {@code ended} once the supervisor is gone, on a thread of its own; a second watch of the
   * same job is none.
   */
  void add(UUID job, ProcessIdentity supervisor, Runnable ended) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    if (ends.putIfAbsent(job, end) != null) {
      return;
    }
    try {
      processes.onEnd(
          supervisor,
          () -> {
            try {
              ended.run();
            } finally {
              forget(job, end);
            }
          });
    } catch (RuntimeException e) {
      // Else it would be taken for watched for ever.
      forget(job, end);
      throw e;
    }
  }

  private void forget(UUID job, CompletableFuture<Void> end) {
    ends.remove(job);
    end.complete(null);
  }

  /** How many are watched now. */
  int count() {
    return ends.size();
  }

  boolean watches(UUID job) {
    return ends.containsKey(job);
  }

  /** False when the job had not ended, or its remains were still there, after that time. */
  boolean awaitEnd(UUID job, Duration atMost) {
    CompletableFuture<Void> end = ends.get(job);
    if (end == null) {
      return true;
    }
    try {
      end.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("an end cannot fail", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
