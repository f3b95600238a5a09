package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.JobProcess;
import io.joblet.storage.host.JobProcesses.Supervisor;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A supervisor that waits for its job, prepares it or waits for the word, held by the socket that
 * would give them. By one thread at a time.
 */
final class JobSupervisor implements Supervisor {
  private static final int DEADLINE_MILLIS = 30_000;
  private static final int LAST_LOOK_MILLIS = 100;
  private static final byte[] GO = {'g'};
  private static final int SIGKILL = 9;

  private final ProcessIdentity identity;
  private final PidDescriptor process;
  private final Descriptor control;
  private final ShimReports reports;
  private final List<String> warnings;
  private final BiConsumer<JobProcess, Descriptor> hand;

  /** Of its job, for error messages. */
  private String name = "";

  private boolean ready;
  private boolean released;

  /**
   * A supervisor that has been started.
   *
   * @param hand gives it its job, by its socket
   */
  JobSupervisor(
      ProcessIdentity identity,
      PidDescriptor process,
      Descriptor control,
      Descriptor report,
      List<String> warnings,
      BiConsumer<JobProcess, Descriptor> hand) {
    this.identity = identity;
    this.process = process;
    this.control = control;
    this.reports = new ShimReports(report);
    this.warnings = warnings;
    this.hand = hand;
  }

  @Override
  public ProcessIdentity identity() {
    return identity;
  }

  @Override
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public void prepare(JobProcess job) {
    name = job.hostname();
    Failures.named(
        "start job",
        name,
        () -> {
          unlessItHasEnded(() -> hand.accept(job, control));
          return null;
        });
  }

  @Override
  public void await() {
    if (!ready) {
      Failures.named(
          "start job",
          name,
          () -> {
            expect("ready");
            return null;
          });
      ready = true;
    }
  }

  @Override
  public void release() {
    await();
    released = true;
    unlessItHasEnded(() -> Syscalls.write(control.fd(), GO));
    expect("running");
  }

  /** It says why in its last line. */
  private static void unlessItHasEnded(Runnable telling) {
    try {
      telling.run();
    } catch (KernelRefusal e) {
      if (!e.is(Errno.EPIPE)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    // Without the word, the end of this socket is the order to stop.
    control.close();
    reports.close();
    if (!released && !process.ended(DEADLINE_MILLIS)) {
      process.kill(SIGKILL);
      process.ended(DEADLINE_MILLIS);
    }
    // Also one that has ended since the word: whoever looked for it by its number found it dead.
    process.reap();
    process.close();
  }

  private void expect(String word) {
    ShimReport line = reports.next(DEADLINE_MILLIS);
    if (line.errno().equals("ETIMEDOUT")) {
      // It may be this process that was kept from running for so long, and the answer is there.
      line = reports.next(LAST_LOOK_MILLIS);
    }
    if (!line.is(word)) {
      throw new HostException(line.text(), line.errno());
    }
  }
}
