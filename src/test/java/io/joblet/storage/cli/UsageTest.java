package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong command line is exit status 2, one reason, and no request. */
class UsageTest extends WithDaemon {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          volume create x                           | Missing required option: '--size=SIZE'
          volume create --size=1GB                  | Missing required parameter: 'NAME'
          volume create x --size=1XB                | 'XB' is not a unit of size
          volume create x --size=-1                 | size must not be negative
          volume create x --size=0.3B               | '0.3B' is not a whole number of bytes
          volume create x --size=9000PB             | is larger than the largest size
          volume create x --size=lots               | 'lots' is not a size
          volume create x --size=1 --type=disk      | 'disk' is none of filesystem, memory
          volume create x --size=1 --label=a        | 'a' is not KEY=VALUE
          volume create x --size=1 --label==b       | '=b' is not KEY=VALUE
          volume create x --size=1 --label=a=1 --label=a=2 | label 'a' is given twice
          volume create x --size=1 --mode=0888      | '0888' is not a mode
          volume create x --size=1 --mode=4755      | '4755' has set-id or sticky bits
          volume create x --size=1 --uid=-1         | '-1' is not an id
          volume create x --size=1 --uid=4294967295 | '4294967295' is not an id
          volume create x --size=1 --inodes=0       | '0' is not a whole number of at least 1
          volume create x --size=1 --idle-timeout=0s | '0s' is no time at all
          volume create x --size=1 --idle-timeout=soon | 'soon' is not a length of time
          volume create x --size=1 --idle-timeout=99999999999999d | is longer than 10,000 years
          volume list --limit=0                     | '0' is not a whole number of at least 1
          volume list --format=xml                  | 'xml' is none of table, json, yaml
          volume list --timeout=0s                  | '0s' is no time at all
          volume create x --size=0                  | '0' is nothing
          volume create x --size=                   | '' is not a size
          volume create x --size=1 --inodes=1K      | '1K' is not a whole number of at least 1
          volume create x --size=1 --inodes=99999999999999999999 | is not a whole number of at least 1
          volume update x --size=0                  | '0' is nothing
          volume update x --size=10s                | 's' is not a unit of size
          volume update x --if-version=-1           | '-1' is not a whole number of at least 1
          volume watch --after=                     | '' is not a whole number of at least 0
          volume watch --timeout=30                 | '30' is not a length of time
          report history --from=yesterday           | 'yesterday' is not a day; write e.g. 2026-03-01
          report history --to=2026-02-30            | '2026-02-30' is not a day
          admin init-tls --directory=/x --port=0    | '0' is not a port; write 1 to 65535
          admin init-tls --directory=/x --port=http | 'http' is not a port
          admin init-tls --directory=/x --host=bad_host!x | 'bad_host!x' is neither a DNS name nor an IP address
          run --read-iops=10MB true                 | '10MB' is not a whole number of at least 1
          run --read-bps=0 true                     | '0' is nothing
          run --pids-limit=0 true                   | '0' is not a whole number of at least 1
          run --reconnect=never true                | 'never' is not a length of time
          volume list extra                         | Unmatched argument
          volume update x                           | nothing to change
          volume update x --label=a=b --request-id=1 | needs --if-version
          volume attach x                           | Missing required option: '--job=ID'
          volume attach x --job=j --pid=1 --lease=1m | mutually exclusive
          volume attach x --job=j --access=all      | 'all' is none of exclusive, shared, shared-read-only
          volume remove                             | Missing required parameter
          volume remove a b --request-id=1          | remove one volume with it
          volume watch --after=abc                  | Invalid value for option '--after': 'abc' is not a whole number of at least 0
          volume watch --after=-1                   | '-1' is not a whole number of at least 0
          volume                                    | Missing required subcommand
          job prepare j                             | Missing required option
          job prepare j --volume=data:data          | 'data' in 'data:data' is not an absolute path
          job prepare j --volume=data:/d:rx         | 'rx' in 'data:/d:rx' is none of ro, rw
          job prepare j --work-size=1MB             | they need --rootfs
          job prepare j --rootfs=x                  | 'x' is none of auto, host, minimal
          job list --limit=0                        | '0' is not a whole number of at least 1
          job stop                                  | Missing required parameter
          job stop j --grace=soon                   | 'soon' is not a length of time
          job remove a b --request-id=1             | remove one job with it
          job logs j --stream=stdin                 | 'stdin' is none of stdout, stderr, both
          job signal j                              | Missing required parameter: 'SIGNAL'
          job signal j BOOM                         | 'BOOM' is no signal
          job signal j 0                            | '0' is no signal
          job signal j 32                           | '32' is no signal
          report usage --limit=0                    | '0' is not a whole number of at least 1
          admin sweep dust                          | 'dust' is none of idle, orphans, trash
          frobnicate                                | Unmatched argument
          """)
  void refusesAndSaysWhy(String line, String reason) {
    Outcome outcome = rnx(line.split(" +"));

    int status = line.startsWith("run ") ? 125 : 2;
    assertThat(outcome.status()).isEqualTo(status);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("rnx: ").contains(reason).contains("--help'");
    assertThat(daemon.requests()).isEmpty();
  }

  @Test
  void refusesAnEmptyCommandLine() {
    Outcome outcome = rnx();

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo(
            "rnx: Missing required subcommand\n  'rnx --help' says what it takes and does\n");
  }

  @Test
  void suggestsWhatWasProbablyMeant() {
    Outcome outcome = rnx("volume", "lst");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("did you mean").contains("list");
  }

  @Test
  void readsNoFileThatAnArgumentNames() {
    assertThat(rnx("volume", "create", "@/etc/hostname").status()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "volume",
        "volume create",
        "volume list",
        "volume inspect",
        "volume update",
        "volume attach",
        "volume detach",
        "volume remove",
        "volume undelete",
        "volume doctor",
        "job",
        "job list",
        "job inspect",
        "job logs",
        "job stop",
        "job signal",
        "job remove",
        "job prepare",
        "job cleanup",
        "job renew",
        "admin",
        "admin node",
        "report",
        "report usage",
        "report idle",
        "report growth",
        "report operations",
        "report history",
        "admin sweep",
        "admin recover",
        "completion"
      })
  void helpsWithExamplesAndExitStatuses(String command) {
    Outcome outcome = rnx((command + " --help").strip().split(" "));

    assertThat(outcome.status()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .startsWith("Usage: rnx")
        .contains("Examples:\n  ", "Exit status:\n", "2   the command line is wrong");
  }

  @Test
  void showsItsVersion() {
    Outcome outcome = rnx("--version");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).startsWith("rnx ");
  }

  /** A group's help shows the first line of each command's description alone. */
  @ParameterizedTest
  @ValueSource(strings = {"--help", "volume --help", "job --help", "report --help", "admin --help"})
  void summarizesEachCommandInWholeSentences(String line) {
    String help = rnx(line.split(" ")).out();

    String commands = help.substring(help.indexOf("Commands:"), help.indexOf("Exit status:"));
    String[] entries = commands.strip().split("\\n(?=  \\S)");
    assertThat(entries).hasSizeGreaterThan(1);
    assertThat(List.of(entries).subList(1, entries.length))
        .allSatisfy(entry -> assertThat(entry.strip()).endsWith("."));
  }
}
