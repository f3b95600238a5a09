package io.joblet.storage.cli.run;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.log.Follower;
import io.joblet.storage.cli.log.Notes;
import io.joblet.storage.cli.values.SignalName;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.SignalJobRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of a signal: it goes to the job. One that comes before the job has begun waits for
 * it; one that ends programs and comes while the daemon is away ends {@code rnx} instead, since it
 * can reach nobody. A second INT within 2 s is a KILL, or gives up a job that has not begun. For
 * any thread.
 */
final class SignalPassing {
  private static final long TWICE_NANOS = 2_000_000_000L;
  private static final int HUP = 1;
  private static final int INT = 2;
  private static final int KILL = 9;
  private static final int TERM = 15;

  private final Daemon daemon;
  private final Follower follower;
  private final Notes notes;
  private final List<Integer> early = new ArrayList<>();
  private String job;
  private boolean interrupted;
  private long interruptedAt;
  private volatile boolean over;

  SignalPassing(Daemon daemon, Follower follower, Notes notes) {
    this.daemon = daemon;
    this.follower = follower;
    this.notes = notes;
  }

  /** The job it all goes to from now on, what came before included. */
  void begun(Job begun) {
    List<Integer> waiting;
    synchronized (this) {
      job = begun.getId();
      waiting = List.copyOf(early);
    }
    waiting.forEach(this::send);
  }

  /** The job has ended, or is left alone: nothing is passed on any more. */
  void end() {
    over = true;
  }

  /** A signal of this process. */
  void accept(int signal) {
    boolean again = signal == INT && isSecond();
    synchronized (this) {
      if (job == null) {
        early.add(signal);
        if (again) {
          follower.stop();
        }
        return;
      }
    }
    if (!follower.isAway()) {
      send(again ? KILL : signal);
    } else if (signal == INT || signal == TERM || signal == HUP) {
      follower.stop();
    } else {
      notPassed(signal, "the daemon is away");
    }
  }

  private synchronized boolean isSecond() {
    long now = System.nanoTime();
    boolean second = interrupted && now - interruptedAt <= TWICE_NANOS;
    interrupted = true;
    interruptedAt = now;
    return second;
  }

  private void send(int signal) {
    SignalJobRequest request = SignalJobRequest.newBuilder().setJob(job).setSignal(signal).build();
    try {
      var done = daemon.jobsOnce(Duration.ZERO, stub -> stub.signalJob(request));
      assert done != null;
    } catch (StatusRuntimeException failed) {
      Status.Code code = failed.getStatus().getCode();
      boolean ended = code == Status.Code.NOT_FOUND || code == Status.Code.FAILED_PRECONDITION;
      if (!over && !ended) {
        notPassed(signal, failed.getStatus().getDescription());
      }
    }
  }

  private void notPassed(int signal, String why) {
    notes.line(new SignalName(signal) + " was not passed on: " + why);
  }
}
