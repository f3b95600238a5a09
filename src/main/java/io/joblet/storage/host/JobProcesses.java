package io.joblet.storage.host;

import io.joblet.storage.host.Host.ProcessIdentity;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Processes of jobs: each below a supervisor that outlives the daemon, keeps the job's output and
 * writes down how it ended. All state that matters is on disk and in the kernel; a daemon that
 * starts again finds it there.
 */
public interface JobProcesses {

  /**
   * Starts a supervisor that has no job yet and makes the namespaces that one needs. It leaves
   * nothing when it ends, and ends by itself when the daemon dies or closes it: so it may be
   * started before anything is written down about its job.
   *
   * @param ownNetwork whether its job is to have a loopback interface of its own, or the host's
   *     network
   */
  Supervisor supervise(boolean ownNetwork);

  /** The supervisor of one job, from before the job until its command runs. */
  interface Supervisor extends AutoCloseable {
    /** Who it is, to be written down before {@link #release}. */
    ProcessIdentity identity();

    /** What isolation could not do on this host. */
    List<String> warnings();

    /**
     * Hands it its job, whose command it prepares up to the moment of execution; does not wait for
     * that. Nothing of the job runs before {@link #release}.
     */
    void prepare(JobProcess process);

    /**
     * Waits until all is prepared; at once if it is already.
     *
     * @throws HostException {@code ENOENT} or {@code EACCES} when the command cannot be executed;
     *     the supervisor ends then
     */
    void await();

    /**
     * Lets the command run and returns when it does; {@link #await} first.
     *
     * @throws HostException when it could not be executed after all, and the job has ended; or
     *     {@code ETIMEDOUT} or {@code ECHILD} when its supervisor said nothing of that, or is gone:
     *     then the command may run, or have run
     */
    void release();

    /** Without a release before, ends what was prepared and waits until it is gone. */
    @Override
    void close();
  }

  /** Calls {@code ended} once, on a thread of its own, when the supervisor has ended or is gone. */
  void onEnd(ProcessIdentity supervisor, Runnable ended);

  /**
   * Signals the command's process group, or with SIGKILL everything in the job.
   *
   * @return false if the supervisor is gone
   */
  boolean signal(ProcessIdentity supervisor, int number);

  /**
   * Kills every process in the job's cgroup and waits until none is left there; nothing for a job
   * without one. The supervisor is not in it: it notices and writes down how the job ended. For a
   * job whose supervisor is gone this is the one way that misses nothing.
   *
   * @throws HostException {@code EBUSY} that names a process which does not end in time, as one
   *     that waits for a disk may not; a repeated call waits on
   */
  void killAll(UUID job);

  /**
   * How the job ended, as its supervisor wrote down; empty while it runs, and for ever if the
   * supervisor itself was killed.
   */
  Optional<Ending> ending(UUID job);

  /**
   * How a command ended.
   *
   * @param failure why it never ran; empty if it did
   * @param lostBytes of its output, which found no space where it is kept
   */
  record Ending(
      Optional<Integer> exitCode,
      Optional<Integer> signal,
      Optional<String> failure,
      long lostBytes) {}

  /** The job's output, from the oldest that is kept; empty if nothing of it is kept any more. */
  Optional<JobLog> log(UUID job, boolean lossless);

  /** Deletes the job's log and exit record; absent is done. */
  void forget(UUID job);

  /** Jobs that have a log or an exit record here. */
  Set<UUID> remembered();
}
