package io.joblet.storage.cli.log;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.daemon.Absence;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.Events;
import io.joblet.storage.cli.daemon.Patience;
import io.joblet.storage.v1.Chunk;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.StreamLogsRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Prints the output of a job to its end. When the daemon goes away meanwhile, which a job survives,
 * waits for it and goes on in the log where printing stopped. {@link #follow} is for one thread and
 * once, {@link #stop} and {@link #isAway} for any.
 */
public final class Follower {
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** A daemon that stops, or starts, may answer and break off a few times. */
  private static final Duration ONE_ABSENCE = Duration.ofSeconds(30);

  private final Daemon daemon;
  private final Printer printer;
  private final Notes notes;
  private final Duration patience;
  private final Position position = new Position();
  private volatile Job job;
  private volatile boolean away;
  private volatile boolean stopped;
  private volatile Events<JobOutput> current;
  private boolean lostBefore;
  private long deadline;
  private OptionalLong told = OptionalLong.empty();

  /**
   * @param patience how long to wait for a daemon that has gone away
   */
  public Follower(Daemon daemon, Printer printer, Notes notes, Duration patience) {
    this.daemon = daemon;
    this.printer = printer;
    this.notes = notes;
    this.patience = patience;
  }

  /**
   * Prints all that comes.
   *
   * @param first of a job that is not known yet, or of one that is
   * @param begun told once which job it is
   * @return the job as it ended
   * @throws StatusRuntimeException when the daemon refused, when it stayed away, and with CANCELLED
   *     after {@link #stop}
   * @throws IOException when nobody reads what is printed
   */
  public Job follow(Events<JobOutput> first, Consumer<Job> begun) throws IOException {
    Events<JobOutput> next = first;
    while (true) {
      try (Events<JobOutput> events = next) {
        current = events;
        if (stopped) {
          events.cancel();
        }
        return printAll(events, begun);
      } catch (StatusRuntimeException broken) {
        if (job == null || stopped || !Absence.is(broken)) {
          throw broken;
        }
        waitFor(broken);
        next = log();
      }
    }
  }

  /** Whether the daemon is being waited for. */
  public boolean isAway() {
    return away;
  }

  /** Ends {@link #follow}; the job goes on. */
  public void stop() {
    stopped = true;
    Events<JobOutput> events = current;
    if (events != null) {
      events.cancel();
    }
  }

  /** Whether {@link #stop} was called. */
  public boolean isStopped() {
    return stopped;
  }

  private Job printAll(Events<JobOutput> events, Consumer<Job> begun) throws IOException {
    for (JobOutput event = events.next(); event != null; event = events.next()) {
      away = false;
      switch (event.getEventCase()) {
        case JOB -> {
          if (job == null) {
            job = event.getJob();
            begun.accept(job);
          }
        }
        case CHUNK -> print(event.getChunk());
        case ENDED -> {
          sayWhatIsLost();
          return event.getEnded();
        }
        case EVENT_NOT_SET -> {
          // Of a newer daemon; not for this rnx.
        }
      }
    }
    throw Status.UNAVAILABLE.withDescription("the output broke off").asRuntimeException();
  }

  private void print(Chunk chunk) throws IOException {
    lostBefore |= chunk.getLost();
    if (chunk.getData().isEmpty()) {
      return;
    }
    ByteString data = position.unseen(chunk);
    if (data.isEmpty()) {
      // Printed before, so what was dropped before it had been printed too.
      lostBefore = false;
    } else {
      sayWhatIsLost();
      printer.print(chunk.getTime(), chunk.getError(), data);
    }
  }

  private void sayWhatIsLost() {
    if (lostBefore) {
      notes.warning("older output was dropped before it could be read; --log-size keeps more");
      lostBefore = false;
    }
  }

  /** Waits a moment; says so once, and gives up with what there was in the end. */
  private void waitFor(StatusRuntimeException broken) {
    if (!away) {
      away = true;
      deadline = System.nanoTime() + Patience.nanos(patience);
      tell();
    } else if (System.nanoTime() - deadline > 0) {
      throw broken;
    }
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw broken;
    }
  }

  private void tell() {
    long now = System.nanoTime();
    if (told.isEmpty() || now - told.getAsLong() > ONE_ABSENCE.toNanos()) {
      told = OptionalLong.of(now);
      notes.line("the daemon went away; the job goes on: rnx job logs -f " + job.getName());
    }
  }

  private Events<JobOutput> log() {
    position.rewind();
    StreamLogsRequest log =
        StreamLogsRequest.newBuilder().setJob(job.getId()).setFollow(true).build();
    return daemon.output((stub, observer) -> stub.streamLogs(log, observer));
  }
}
