package io.joblet.storage.cli;

import static io.joblet.storage.cli.Samples.begun;
import static io.joblet.storage.cli.Samples.ended;
import static io.joblet.storage.cli.Samples.exited;
import static io.joblet.storage.cli.Samples.output;
import static io.joblet.storage.cli.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.SignalJobResponse;
import io.joblet.storage.v1.StreamLogsRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals to a process of {@code rnx run}. */
class RunSignalsTest extends WithDaemon {
  private Process rnx;

  @AfterEach
  void endTheProcess() throws InterruptedException {
    if (rnx != null) {
      rnx.destroyForcibly().waitFor();
    }
  }

  @Test
  void passesTermOnAndWaitsForTheEnd() throws Exception {
    jobThatEndsBy(SignalJobRequest.class);
    start();
    awaitOutput();

    assertThat(rnx.toHandle().destroy()).isTrue();

    assertThat(rnx.waitFor()).isEqualTo(7);
    assertThat(daemon.await(SignalJobRequest.class))
        .isEqualTo(SignalJobRequest.newBuilder().setJob(Samples.JOB_ID).setSignal(15).build());
    assertThat(err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"INT,2", "HUP,1", "USR1,10", "USR2,12"})
  void passesOn(String name, int number) throws Exception {
    jobThatEndsBy(SignalJobRequest.class);
    start();
    awaitOutput();

    signal(name);

    assertThat(rnx.waitFor()).isEqualTo(7);
    assertThat(daemon.await(SignalJobRequest.class).getSignal()).isEqualTo(number);
  }

  @Test
  void leavesIgnoredWhatWasIgnoredBefore() throws Exception {
    jobThatEndsBy(SignalJobRequest.class);
    start("--ignore-signal=HUP");
    awaitOutput();

    signal("HUP");
    signal("USR1");

    assertThat(rnx.waitFor()).isEqualTo(7);
    assertThat(daemon.requests().stream().skip(1))
        .containsExactly(
            SignalJobRequest.newBuilder().setJob(Samples.JOB_ID).setSignal(10).build());
  }

  @Test
  void killsWithASecondInterrupt() throws Exception {
    daemon
        .script(call -> {
          call.onNext(begun(running().clearWarnings()));
          call.onNext(output(1, "up\n"));
          while (daemon.requests().size() < 3) {
            Thread.sleep(5);
          }
          call.onNext(ended(running().setStatus("killed").setSignal(9)));
          call.onCompleted();
        })
        .answer(SignalJobResponse.getDefaultInstance())
        .answer(SignalJobResponse.getDefaultInstance());
    start();
    awaitOutput();

    signal("INT");
    daemon.await(SignalJobRequest.class);
    signal("INT");

    assertThat(rnx.waitFor()).isEqualTo(137);
    assertThat(daemon.requests().stream().skip(1).map(SignalJobRequest.class::cast).toList())
        .extracting(SignalJobRequest::getSignal)
        .containsExactly(2, 9);
  }

  @Test
  void keepsASignalForAJobThatHasNotBegun() throws Exception {
    daemon
        .script(call -> {
          signal("TERM");
          // The handler runs in a thread of that process; nothing outside of it shows when.
          Thread.sleep(1000);
          call.onNext(begun(running().clearWarnings()));
          daemon.await(SignalJobRequest.class);
          call.onNext(ended(exited(7).clearWarnings()));
          call.onCompleted();
        })
        .answer(SignalJobResponse.getDefaultInstance());

    start();

    assertThat(rnx.waitFor()).isEqualTo(7);
    assertThat(daemon.await(SignalJobRequest.class).getSignal()).isEqualTo(15);
  }

  @Test
  void endsItselfWhenTheDaemonIsAway() throws Exception {
    daemon.breakOff(
        Status.UNAVAILABLE.asRuntimeException(),
        begun(running().clearWarnings()),
        output(1, "up\n"));
    for (int i = 0; i < 1000; i++) {
      daemon.refuse(Status.UNAVAILABLE.asRuntimeException());
    }
    start();
    daemon.await(StreamLogsRequest.class);

    signal("INT");

    assertThat(rnx.waitFor()).isEqualTo(125);
    assertThat(err()).endsWith("  the job goes on: rnx job logs -f build-17\n");
    assertThat(daemon.requests()).noneMatch(SignalJobRequest.class::isInstance);
  }

  @Test
  void saysWhenASignalReachedNobody() throws Exception {
    daemon
        .script(call -> {
          call.onNext(begun(running().clearWarnings()));
          call.onNext(output(1, "up\n"));
          daemon.await(SignalJobRequest.class);
          while (!err().contains("passed on")) {
            Thread.sleep(5);
          }
          call.onNext(ended(exited(7).clearWarnings()));
          call.onCompleted();
        })
        .refuse(Status.INTERNAL.withDescription("a fault").asRuntimeException());
    start();
    awaitOutput();

    signal("USR1");

    assertThat(rnx.waitFor()).isEqualTo(7);
    assertThat(err()).isEqualTo("rnx: SIGUSR1 was not passed on: a fault\n");
  }

  private void jobThatEndsBy(Class<SignalJobRequest> request) {
    daemon
        .script(call -> {
          call.onNext(begun(running().clearWarnings()));
          call.onNext(output(1, "up\n"));
          daemon.await(request);
          call.onNext(ended(exited(7).clearWarnings()));
          call.onCompleted();
        })
        .answer(SignalJobResponse.getDefaultInstance());
  }

  private void start() throws Exception {
    // What these tests run in the background of may have INT and HUP ignored.
    start("--default-signal=INT,HUP");
  }

  /**
   * Starts it in place of an env(1).
   *
   * @param signals what env does with signals first
   */
  private void start(String signals) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", signals));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // The class path of the tests is that of the daemon too, whose libraries would have a word to
    // say.
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Rnx.class.getName(), "run", "--socket=" + daemon.socket(), "true"));
    synchronized (this) {
      rnx = new ProcessBuilder(command).redirectError(directory.resolve("err").toFile()).start();
    }
    daemon.await(RunJobRequest.class);
  }

  /** The job has begun, so signals are caught. */
  private void awaitOutput() throws Exception {
    assertThat(new String(rnx.getInputStream().readNBytes(3), StandardCharsets.UTF_8))
        .isEqualTo("up\n");
  }

  private void signal(String name) throws InterruptedException {
    try {
      long pid;
      synchronized (this) {
        pid = rnx.pid();
      }
      int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
      assertThat(status).isZero();
    } catch (java.io.IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private String err() {
    try {
      return Files.readString(directory.resolve("err"));
    } catch (java.io.IOException failed) {
      throw new AssertionError(failed);
    }
  }
}
