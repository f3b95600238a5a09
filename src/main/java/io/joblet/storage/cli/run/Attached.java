package io.joblet.storage.cli.run;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.Events;
import io.joblet.storage.cli.daemon.Failures;
import io.joblet.storage.cli.daemon.Refusal;
import io.joblet.storage.cli.log.Follower;
import io.joblet.storage.cli.log.Notes;
import io.joblet.storage.cli.log.RawPrinter;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.RemoveJobRequest;
import io.joblet.storage.v1.RunJobRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;

/**
 * One job from its start to its end, its output and our signals passed on. For one thread, once.
 */
final class Attached {
  private final Surroundings surroundings;
  private final Daemon daemon;
  private final Notes notes;
  private final Follower follower;
  private final SignalPassing passing;
  private Job job;

  Attached(Surroundings surroundings, Daemon daemon, Notes notes, Duration patience) {
    this.surroundings = surroundings;
    this.daemon = daemon;
    this.notes = notes;
    this.follower = new Follower(daemon, new RawPrinter(surroundings), notes, patience);
    this.passing = new SignalPassing(daemon, follower, notes);
  }

  /**
   * Returns the exit status of {@code rnx}.
   *
   * @throws IOException when nobody reads the output; the job goes on
   */
  int run(RunJobRequest request, boolean remove) throws IOException {
    try (CaughtSignals caught = new CaughtSignals(passing::accept)) {
      Events<JobOutput> events =
          daemon.output((stub, observer) -> stub.runAttached(request, observer));
      Job ended = follower.follow(events, this::begun);
      passing.end();
      return end(ended, remove);
    } catch (StatusRuntimeException broken) {
      return report(broken);
    } finally {
      passing.end();
    }
  }

  private void begun(Job begun) {
    job = begun;
    notes.warnings(begun);
    passing.begun(begun);
  }

  private int end(Job ended, boolean remove) {
    notes.warnings(ended);
    if (!RunStatus.isKnown(ended)) {
      notes.line("job " + ended.getName() + " is " + ended.getStatus() + ": " + ended.getReason());
    }
    if (remove) {
      remove(ended);
    }
    return RunStatus.of(ended);
  }

  private void remove(Job ended) {
    RemoveJobRequest request =
        RemoveJobRequest.newBuilder()
            .setJob(ended.getId())
            .setRequestId(UUID.randomUUID().toString())
            .build();
    try {
      var done = daemon.jobs(stub -> stub.removeJob(request));
      assert done != null;
    } catch (StatusRuntimeException failed) {
      notes.warning("it has ended and was not removed: " + failed.getStatus().getDescription());
    }
  }

  private int report(StatusRuntimeException broken) {
    if (follower.isStopped()) {
      notes.line("interrupted while the daemon did not answer");
    } else {
      new Failures(surroundings).report(broken, null);
    }
    if (job != null) {
      surroundings.note("  the job goes on: rnx job logs -f " + job.getName());
    } else if (Refusal.leavesOpen(broken)) {
      surroundings.note("  it may have begun or not: 'rnx job list' shows");
    }
    return RunStatus.of(broken);
  }
}
