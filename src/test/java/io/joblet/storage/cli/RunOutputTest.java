package io.joblet.storage.cli;

import static io.joblet.storage.cli.Samples.begun;
import static io.joblet.storage.cli.Samples.chunk;
import static io.joblet.storage.cli.Samples.ended;
import static io.joblet.storage.cli.Samples.errors;
import static io.joblet.storage.cli.Samples.exited;
import static io.joblet.storage.cli.Samples.output;
import static io.joblet.storage.cli.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.v1.Chunk;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.StreamLogsRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The output of a job on its way through {@code rnx run}. */
class RunOutputTest extends WithDaemon {
  private static final String AWAY =
      "rnx: the daemon went away; the job goes on: rnx job logs -f build-17\n";

  private static Job.Builder job() {
    return running().clearWarnings();
  }

  private static Job.Builder done() {
    return exited(0).clearWarnings();
  }

  @Test
  void changesNoByte() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    daemon.stream(
        begun(job()),
        chunk(1, false, ByteString.copyFrom(all)),
        chunk(2, true, ByteString.copyFrom(all)),
        ended(done()));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(run(out, err)).isZero();

    assertThat(out.toByteArray()).isEqualTo(all);
    assertThat(err.toByteArray()).isEqualTo(all);
  }

  @Test
  void goesOnWhereItStoppedWhenTheDaemonWasAway() {
    daemon
        .breakOff(
            Status.UNAVAILABLE.asRuntimeException(),
            begun(job()),
            output(1, "one\n"),
            errors(2, "e"),
            output(2, "tw"))
        .refuse(Status.UNAVAILABLE.asRuntimeException())
        // Cut otherwise than before, and the second 2 holds more than had come.
        .stream(
            begun(job()),
            output(1, "one"),
            output(1, "\n"),
            errors(2, "err\n"),
            output(2, "two\n"),
            output(3, "three\n"),
            output(3, "more\n"),
            ended(exited(4).clearWarnings()));

    assertThat(rnx("run", "true"))
        .isEqualTo(new Outcome(4, "one\ntwo\nthree\nmore\n", "e" + AWAY + "rr\n"));

    assertThat(daemon.requests().get(0)).isInstanceOf(RunJobRequest.class);
    assertThat(daemon.requests().get(2))
        .isEqualTo(StreamLogsRequest.newBuilder().setJob(Samples.JOB_ID).setFollow(true).build());
  }

  @Test
  void survivesADaemonThatIsStartedAnew() throws Exception {
    CountDownLatch printed = new CountDownLatch(1);
    OutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int from, int length) {
            super.write(bytes, from, length);
            printed.countDown();
          }
        };
    daemon.script(call -> {
      call.onNext(begun(job()));
      call.onNext(output(1, "one\n"));
    });
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(() -> run(out, new ByteArrayOutputStream()));
    printed.await();
    daemon.close();

    daemon = new ScriptedDaemon(daemon.socket());
    daemon.stream(begun(job()), output(1, "one\n"), output(2, "two\n"), ended(done()));

    assertThat(status.get()).isZero();
    assertThat(out).hasToString("one\ntwo\n");
  }

  @Test
  void givesUpOnADaemonThatStaysAway() {
    for (int i = 0; i < 2; i++) {
      daemon.breakOff(
          Status.UNAVAILABLE.withDescription("gone").asRuntimeException(), begun(job()));
    }
    daemon.refuse(Status.UNAVAILABLE.withDescription("still gone").asRuntimeException());

    Outcome outcome = rnx("run", "--reconnect=1ms", "true");

    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.err())
        .startsWith(AWAY)
        .contains("rnx: still gone\n")
        .endsWith("  the job goes on: rnx job logs -f build-17\n");
  }

  @Test
  void doesNotWaitForADaemonThatIsThereAndFails() {
    daemon.breakOff(Status.INTERNAL.withDescription("a fault").asRuntimeException(), begun(job()));

    Outcome outcome = rnx("run", "true");

    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.err()).startsWith("rnx: a fault\n");
    assertThat(daemon.requests()).hasSize(1);
  }

  @Test
  void saysWhatWasDroppedOnlyIfItHadNotBeenPrinted() {
    JobOutput lost = JobOutput.newBuilder().setChunk(Chunk.newBuilder().setLost(true)).build();
    daemon
        .breakOff(Status.UNAVAILABLE.asRuntimeException(), begun(job()), output(1, "one\n"))
        .breakOff(
            Status.UNAVAILABLE.asRuntimeException(),
            begun(job()),
            lost,
            output(1, "one\n"),
            output(2, "two\n"))
        .stream(begun(job()), lost, output(4, "four\n"), ended(done()));

    assertThat(rnx("run", "true"))
        .isEqualTo(
            new Outcome(
                0,
                "one\ntwo\nfour\n",
                AWAY
                    + "rnx: warning: older output was dropped before it could be read;"
                    + " --log-size keeps more\n"));
  }

  @Test
  void endsWithoutAWordWhenNobodyReadsAnyMore() {
    daemon.stream(begun(job()), output(1, "one\n"), ended(done()));
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(run(new BrokenPipe(), err)).isEqualTo(125);

    assertThat(err.toByteArray()).isEmpty();
    assertThat(daemon.requests()).hasSize(1);
  }

  /** A daemon that is asked for everything at once would have sent all of it. */
  @Test
  void letsTheJobWaitForASlowReader() throws Exception {
    int chunks = 2000;
    ByteString data = ByteString.copyFrom(new byte[16 << 10]);
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger sentBeforeReading = new AtomicInteger();
    CountDownLatch reading = new CountDownLatch(1);
    daemon.script(call -> {
      call.onNext(begun(job()));
      while (sent.get() < chunks && isReadyWithinHalfASecond(call)) {
        call.onNext(chunk(1, false, data));
        sent.incrementAndGet();
      }
      sentBeforeReading.set(sent.get());
      reading.countDown();
      call.onNext(ended(done()));
      call.onCompleted();
    });
    CountingOutput out = new CountingOutput(reading);

    assertThat(run(out, new ByteArrayOutputStream())).isZero();

    assertThat(sentBeforeReading.get()).isPositive().isLessThan(100);
    assertThat(out.count).isEqualTo((long) sent.get() * data.size());
  }

  private static boolean isReadyWithinHalfASecond(ServerCallStreamObserver<JobOutput> call)
      throws InterruptedException {
    for (int i = 0; i < 100 && !call.isReady(); i++) {
      Thread.sleep(5);
    }
    return call.isReady();
  }

  private int run(OutputStream out, OutputStream err) {
    return Rnx.run(
        new String[] {"run", "true"},
        new Surroundings(
            Map.of("RNX_SOCKET", daemon.socket().toString()), out, err, () -> Outcome.NOW));
  }

  private static final class BrokenPipe extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("Broken pipe");
    }
  }

  private static final class CountingOutput extends OutputStream {
    private final CountDownLatch reading;
    private long count;

    CountingOutput(CountDownLatch reading) {
      this.reading = reading;
    }

    @Override
    public void write(int b) {
      count++;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        reading.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IOException(interrupted);
      }
      count += length;
    }
  }
}
