package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.v1.DeleteVolumeRequest;
import io.joblet.storage.v1.DeleteVolumeResponse;
import io.joblet.storage.v1.ListVolumesResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the build put into target/rnx, run as users run it: in a process of its own. */
class RnxIT extends WithDaemon {
  private static final Path BUILT = Path.of("target/rnx").toAbsolutePath();

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
