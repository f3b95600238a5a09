package io.joblet.storage.cli;

import static io.joblet.storage.cli.Samples.begun;
import static io.joblet.storage.cli.Samples.ended;
import static io.joblet.storage.cli.Samples.exited;
import static io.joblet.storage.cli.Samples.running;
import static org.assertj.core.api.Assertions.assertThat;

import io.joblet.storage.v1.RunJobRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code rnx run} refuses, with a status that no command line of it shares with the command.
 */
class RunUsageTest extends WithDaemon {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          run                                  | Missing required parameter: 'COMMAND'
          run --volume=data:/data              | Missing required parameter: 'COMMAND'
          run --frobnicate true                | Unknown option: '--frobnicate'
          run --volume=:/data true             | ':/data' is not VOLUME[:/PATH[:OPTION,...]]
          run --volume=data:data true          | 'data' in 'data:data' is not an absolute path
          run --volume=data:/d:rx true         | 'rx' in 'data:/d:rx' is none of ro, rw
          run --work-size=0 true               | '0' is nothing; it must be at least 1 byte
          run --work-size=much true            | 'much' is not a size
          run --read-bps=0 true                | '0' is nothing
          run --read-iops=0 true               | '0' is not a whole number of at least 1
          run --pids-limit=-1 true             | '-1' is not a whole number
          run --user=root true                 | 'root' is not an id
          run --user=1:2:3 true                | '1:2:3' is not UID[:GID]
          run --user=1: true                   | '' is not an id
          run --rootfs=busybox true            | 'busybox' is none of auto, host, minimal
          run --network=bridge true            | 'bridge' is none of none, host
          run --workdir=work true              | 'work' is not an absolute path
          run --env==x true                    | '=x' is neither NAME=VALUE nor NAME
          run --env-file=/nowhere/at/all true  | --env-file: there is no file /nowhere/at/all
          run --reconnect=soon true            | 'soon' is not a length of time
          run --detach --rm true               | --rm has rnx wait for the end
          run --request-id=r true              | --request-id needs --detach
          """)
  void refusesAndSaysWhy(String line, String reason) {
    Outcome outcome = rnx(line.split(" +"));

    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("rnx: ").contains(reason).contains("'rnx run --help'");
    assertThat(daemon.requests()).isEmpty();
  }

  @Test
  void helpsWithExamplesAndItsOwnStatuses() {
    Outcome outcome = rnx("run", "--help");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out())
        .startsWith("Usage: rnx run")
        .contains("Examples:\n  rnx run ", "125      the command line is wrong", "127 ");
  }

  @Test
  void takesVariablesFromItsFilesItsEnvironmentAndItsLine() throws Exception {
    daemon.stream(begun(running()), ended(exited(0)));
    Path file =
        Files.writeString(
            directory.resolve("env"),
            "# a comment\n\nFILE=from file\nBOTH=file\nEMPTY=\nQUOTES=\"kept\"\nOWN\nABSENT\n");

    Outcome outcome =
        Outcome.of(
            Map.of("RNX_SOCKET", daemon.socket().toString(), "OWN", "mine", "HOME", "/root"),
            "run",
            "-q",
            "--env-file=" + file,
            "--env",
            "BOTH=line",
            "-e",
            "HOME",
            "--env=GONE",
            "true");

    assertThat(outcome.err()).isEmpty();
    assertThat(daemon.request(RunJobRequest.class).getEnvironmentMap())
        .isEqualTo(
            Map.of(
                "FILE",
                "from file",
                "BOTH",
                "line",
                "EMPTY",
                "",
                "QUOTES",
                "\"kept\"",
                "OWN",
                "mine",
                "HOME",
                "/root"));
  }

  @Test
  void namesTheLineOfAFileThatIsWrong() throws Exception {
    Path file = Files.writeString(directory.resolve("env"), "A=1\nexport B=2\n");

    Outcome outcome = rnx("run", "--env-file=" + file, "true");

    assertThat(outcome.status()).isEqualTo(125);
    assertThat(outcome.err())
        .startsWith(
            "rnx: --env-file: " + file + ", line 2: 'export B=2' is neither NAME=VALUE nor NAME\n");
  }

  @Test
  void refusesAFileThatIsNotText() throws Exception {
    Path file = Files.write(directory.resolve("env"), new byte[] {'A', '=', (byte) 0xff});

    assertThat(rnx("run", "--env-file=" + file, "true").err()).contains(" is not UTF-8\n");
  }
}
