package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeResponse;
import io.joblet.storage.v1.ListVolumesResponse;
import io.joblet.storage.v1.RunJobRequest;
import io.joblet.storage.v1.SignalJobRequest;
import io.joblet.storage.v1.SignalJobResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the build put into target/rnx, run as users run it: in a process of its own. */
class RnxIT extends WithDaemon {
  private static final Path BUILT = Path.of("target/rnx").toAbsolutePath();
  private static final String JAVA_HOME = System.getProperty("java.home");

  private void answerOneList() {
    daemon.answer(ListVolumesResponse.newBuilder().addVolumes(Samples.data()).build());
  }

  @Test
  void runsThroughLinks() throws Exception {
    answerOneList();
    Path near = Files.createSymbolicLink(directory.resolve("near"), BUILT.resolve("bin/rnx"));
    Path far = Files.createSymbolicLink(directory.resolve("rnx"), near);

    Outcome outcome = run(far, "volume", "list", "--socket=" + daemon.socket());

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).contains("data").contains("in_use");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void runsFromACopyWithoutItsCache() throws Exception {
    answerOneList();
    Path copy = copyWithoutCache();

    Outcome outcome = run(copy.resolve("bin/rnx"), "volume", "list", "--socket=" + daemon.socket());

    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.status()).isZero();
  }

  @Test
  void runsWithACacheThatDoesNotFit() throws Exception {
    answerOneList();
    Path copy = copyWithoutCache();
    Files.writeString(copy.resolve("rnx.aot"), "not a cache");

    Outcome outcome = run(copy.resolve("bin/rnx"), "volume", "list", "--socket=" + daemon.socket());

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).contains("in_use");
  }

  @Test
  void purgesWhatIsInTheTrashByItsId() throws Exception {
    daemon.answer(DeleteVolumeResponse.getDefaultInstance());
    String id = "01958f2e-0000-7000-8000-000000000001";

    Outcome outcome =
        run(
            BUILT.resolve("bin/rnx"),
            "volume",
            "remove",
            "--purge",
            id,
            "--socket=" + daemon.socket());

    assertThat(outcome).isEqualTo(new Outcome(0, "removed " + id + "; its data is gone\n", ""));
    DeleteVolumeRequest sent = daemon.request(DeleteVolumeRequest.class);
    assertThat(sent.getVolume()).isEqualTo(id);
    assertThat(sent.getPurge()).isTrue();
    assertThat(sent.getForce()).isFalse();
  }

  @Test
  void passesItsExitStatusOn() throws Exception {
    Outcome outcome = run(BUILT.resolve("bin/rnx"), "volume", "create", "x");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void runsAJobAndPassesSignalsOn() throws Exception {
    daemon
        .script(call -> {
          call.onNext(Samples.begun(Samples.running().clearWarnings()));
          call.onNext(Samples.output(1, "up\n"));
          daemon.await(SignalJobRequest.class);
          call.onNext(Samples.ended(Samples.exited(7).clearWarnings()));
          call.onCompleted();
        })
        .answer(SignalJobResponse.getDefaultInstance());
    Process rnx = start("run", "--socket=" + daemon.socket(), "true");
    try {
      assertThat(new String(rnx.getInputStream().readNBytes(3), StandardCharsets.UTF_8))
          .isEqualTo("up\n");

      assertThat(rnx.toHandle().destroy()).isTrue();

      assertThat(rnx.waitFor()).isEqualTo(7);
      assertThat(daemon.await(SignalJobRequest.class).getSignal()).isEqualTo(15);
      assertThat(directory.resolve("err")).isEmptyFile();
    } finally {
      rnx.destroyForcibly().waitFor();
    }
  }

  @Test
  void leavesTheOutputOfAJobAloneWhenItGetsAQuit() throws Exception {
    daemon.script(call -> {
      call.onNext(Samples.begun(Samples.running().clearWarnings()));
      call.onNext(Samples.output(1, "up\n"));
      while (!Files.readString(directory.resolve("err")).contains("Full thread dump")) {
        Thread.sleep(5);
      }
      call.onNext(Samples.ended(Samples.exited(0).clearWarnings()));
      call.onCompleted();
    });
    Process rnx = start("run", "--socket=" + daemon.socket(), "true");
    try {
      assertThat(rnx.getInputStream().readNBytes(3)).hasSize(3);

      new ProcessBuilder("kill", "-QUIT", Long.toString(rnx.pid())).start().waitFor();

      assertThat(rnx.getInputStream().readAllBytes()).isEmpty();
      assertThat(rnx.waitFor()).isZero();
    } finally {
      rnx.destroyForcibly().waitFor();
    }
  }

  /** Four times what its heap could hold. */
  @Test
  void holdsNoOutputForAReaderThatIsLate() throws Exception {
    int chunks = 1024;
    ByteString data = ByteString.copyFrom(new byte[256 << 10]);
    daemon.script(call -> {
      call.onNext(Samples.begun(Samples.running().clearWarnings()));
      for (int i = 0; i < chunks; i++) {
        while (!call.isReady()) {
          Thread.sleep(1);
        }
        call.onNext(Samples.chunk(1, false, data));
      }
      call.onNext(Samples.ended(Samples.exited(0).clearWarnings()));
      call.onCompleted();
    });
    Process rnx = start("run", "--socket=" + daemon.socket(), "true");
    try {
      long count = 0;
      byte[] buffer = new byte[1 << 20];
      for (int n = rnx.getInputStream().read(buffer);
          n > 0;
          n = rnx.getInputStream().read(buffer)) {
        count += n;
      }

      assertThat(count).isEqualTo((long) chunks * data.size());
      assertThat(rnx.waitFor()).isZero();
      assertThat(directory.resolve("err")).isEmptyFile();
    } finally {
      rnx.destroyForcibly().waitFor();
    }
  }

  @Test
  void keepsLettersBeyondAsciiInTheCLocale() throws Exception {
    daemon.stream(Samples.begun(Samples.running()), Samples.ended(Samples.exited(0)));
    ProcessBuilder builder =
        new ProcessBuilder(
            "env",
            "-i",
            "LC_ALL=C",
            "PATH=" + System.getenv("PATH"),
            "JAVA_HOME=" + JAVA_HOME,
            BUILT.resolve("bin/rnx").toString(),
            "run",
            "-q",
            "--socket=" + daemon.socket(),
            "sh",
            "-c",
            "echo \"$1\"");
    Path script =
        Files.writeString(
            directory.resolve("call"), "exec \"$@\" gr\u00fc\u00dfe\n", StandardCharsets.UTF_8);
    builder.command().addAll(0, List.of("sh", script.toString()));

    assertThat(builder.start().waitFor()).isZero();

    assertThat(daemon.request(RunJobRequest.class).getCommandList())
        .containsExactly("sh", "-c", "echo \"$1\"", "gr\u00fc\u00dfe");
  }

  @Test
  void leavesQuietlyWhenItsReaderDoes() throws Exception {
    daemon.script(call -> {
      call.onNext(Samples.begun(Samples.running().clearWarnings()));
      for (int i = 0; i < 1_000_000 && !call.isCancelled(); i++) {
        while (!call.isReady() && !call.isCancelled()) {
          Thread.sleep(1);
        }
        call.onNext(Samples.output(1, "line\n".repeat(1000)));
      }
    });
    Path script =
        Files.writeString(directory.resolve("call"), "{ \"$@\"; echo $? >\"$OUT\"; } | head -1\n");
    ProcessBuilder builder =
        new ProcessBuilder(
            "sh",
            script.toString(),
            BUILT.resolve("bin/rnx").toString(),
            "run",
            "--socket=" + daemon.socket(),
            "yes");
    builder.environment().put("OUT", directory.resolve("status").toString());
    Process process = builder.redirectError(directory.resolve("err").toFile()).start();

    assertThat(process.getInputStream().readAllBytes()).asString().isEqualTo("line\n");
    assertThat(process.waitFor()).isZero();
    assertThat(directory.resolve("status")).hasContent("125");
    assertThat(directory.resolve("err")).hasContent("");
  }

  private Process start(String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(BUILT.resolve("bin/rnx").toString());
    builder.command().addAll(List.of(arguments));
    return builder.redirectError(directory.resolve("err").toFile()).start();
  }

  private Path copyWithoutCache() throws Exception {
    Path copy = directory.resolve("copy");
    for (String part : List.of("bin", "lib")) {
      Files.createDirectories(copy.resolve(part));
      try (Stream<Path> files = Files.list(BUILT.resolve(part))) {
        for (Path file : files.toList()) {
          Files.copy(file, copy.resolve(part).resolve(file.getFileName()));
        }
      }
    }
    return copy;
  }

  private Outcome run(Path rnx, String... arguments) throws Exception {
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(rnx.toString());
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out, Files.readString(err));
  }
}
