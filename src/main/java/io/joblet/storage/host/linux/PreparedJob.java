package io.joblet.storage.host.linux;

import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.JobProcesses.Prepared;
import java.util.List;

/**
 * A supervisor that prepares its job or waits for the word, held by the pipe that would give it. By
 * one thread at a time.
 */
final class PreparedJob implements Prepared {
  private static final int DEADLINE_MILLIS = 30_000;
  private static final byte[] GO = {'g'};
  private static final int SIGKILL = 9;

  private final String name;
  private final ProcessIdentity supervisor;
  private final PidDescriptor process;
  private final Descriptor control;
  private final Descriptor report;
  private final List<String> warnings;
  private boolean ready;
  private boolean released;

  /**
   * A supervisor that has been started.
   *
   * @param name of the job, for error messages
   */
  PreparedJob(
      String name,
      ProcessIdentity supervisor,
      PidDescriptor process,
      Descriptor control,
      Descriptor report,
      List<String> warnings) {
    this.name = name;
    this.supervisor = supervisor;
    this.process = process;
    this.control = control;
    this.report = report;
    this.warnings = warnings;
  }

  /** Hands the configuration over. */
  void configure(byte[] configuration) {
    tell(configuration);
  }

  @Override
  public ProcessIdentity supervisor() {
    return supervisor;
  }

  @Override
  public List<String> warnings() {
    return warnings;
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
    tell(GO);
    expect("running");
  }

  private void tell(byte[] message) {
    try {
      Syscalls.write(control.fd(), message);
    } catch (KernelRefusal e) {
      // It has ended; its last line says why.
      if (!e.is(Errno.OTHER)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    // Without the word, the end of this pipe is the order to stop.
    control.close();
    report.close();
    if (!released && !process.ended(DEADLINE_MILLIS)) {
      process.kill(SIGKILL);
      process.ended(DEADLINE_MILLIS);
    }
    // Also one that has ended since the word: whoever looked for it by its number found it dead.
    process.reap();
    process.close();
  }

  private void expect(String word) {
    ShimReport line = ShimReport.read(report, DEADLINE_MILLIS);
    if (!line.is(word)) {
      throw new HostException(line.text(), line.errno());
    }
  }
}
