package io.joblet.storage.host;

/**
 * What all processes of one job may use together; 0 means no limit of its own. Threads count as
 * processes, as the kernel's pids controller counts them.
 *
 * @param processes at most this many at a time, 0 to 4,194,304; a fork beyond fails with EAGAIN
 * @param memoryBytes 0, or at least 1 MiB; the kernel counts in pages and would round down, so it
 *     is a multiple of 64 KiB, the largest page of any machine
 */
public record JobLimits(long processes, long memoryBytes) {
  /** Enough for a JVM with its threads, and little enough that a fork bomb harms nobody. */
  public static final long DEFAULT_PROCESSES = 1024;

  /** Limits that every job has unless it asks for others. */
  public static final JobLimits DEFAULT = new JobLimits(DEFAULT_PROCESSES, 0);

  private static final long MOST_PROCESSES = 1 << 22;
  private static final long LEAST_MEMORY = 1 << 20;
  private static final long LARGEST_PAGE = 1 << 16;

  public JobLimits {
    if (processes < 0 || processes > MOST_PROCESSES) {
      throw new IllegalArgumentException(
          "processes must be 0 to " + MOST_PROCESSES + ", was " + processes);
    }
    if (memoryBytes != 0 && (memoryBytes < LEAST_MEMORY || memoryBytes % LARGEST_PAGE != 0)) {
      throw new IllegalArgumentException(
          "memory must be 0 or at least "
              + LEAST_MEMORY
              + " bytes and a multiple of "
              + LARGEST_PAGE
              + ", was "
              + memoryBytes);
    }
  }
}
