package io.joblet.storage.host;

/** The only directories below which the daemon ever changes anything. */
public enum ManagedRoot {
  /**
   * Volumes, one entry each, named by id; beside them the hidden directories of {@link Layout}. By
   * default {@code /var/lib/joblet/volumes}; on a host with btrfs it is the pool.
   */
  VOLUMES,
  /** One directory per job, named by the job's id; by default {@code /opt/joblet/jobs}. */
  JOBS,
  /**
   * What is remembered of the processes of jobs, a directory each: output and exit record; {@code
   * jobs} in the state directory.
   */
  RUNS
}
