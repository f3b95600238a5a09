package io.joblet.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What ./prove takes for proved: the script itself where it refuses, and its functions with a Maven
 * that does as each test says.
 */
class ProveScriptTest {
  private static final String REPORT =
      "echo 'Tests run: %s, Failures: 0, Errors: 0, Skipped: %s' >target/failsafe-reports/x.%s.txt\n";
  private static final String COUNTED =
      "printf 'a\\tb\\t3\\t3\\t0\\t3\\n' >target/prove/sweep-kills.tsv\n";

  @TempDir Path top;

  @BeforeEach
  void makeATree() throws IOException {
    Files.createDirectories(top.resolve("target/failsafe-reports"));
    Files.createDirectories(top.resolve("src/test/java"));
  }

  private record Result(int status, String out) {}

  @ParameterizedTest
  @ValueSource(strings = {"", ",", " ", "kills,", "kills,,errors", "*", "kills\nx", "nothing"})
  void refusesPartsThatAreNone(String only) throws Exception {
    Result result = run(Path.of("."), "./prove", "--only=" + only);

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).startsWith("prove: --only: there is no part '");
  }

  @Test
  void aPartThatIsNamedTwiceIsRunOnce() throws Exception {
    assertThat(shell("choose errors,kills,errors; echo \"${chosen[@]}\"").out())
        .isEqualTo("errors kills\n");
  }

  @Test
  void aPartWhoseTestsHaveRunAndCountedIsWell() throws Exception {
    maven(
        REPORT.formatted(2, 0, "SweepKillsIT")
            + REPORT.formatted(1, 0, "RecoverKillsIT")
            + COUNTED);

    Result result = shell("run_part sweep-kills 1 20 1234567-dirty");

    assertThat(result.status()).as(result.out()).isZero();
    assertThat(Files.readString(top.resolve("target/prove/sweep-kills.about")))
        .contains("\t1234567-dirty\t");
  }

  @Test
  void aPartThatCountsNothingHasFailed() throws Exception {
    maven(REPORT.formatted(2, 0, "SweepKillsIT") + REPORT.formatted(1, 0, "RecoverKillsIT"));

    Result result = shell("run_part sweep-kills 1 20 1234567");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).contains("prove: sweep-kills: it ended before anything was counted");
  }

  @Test
  void aTestThatFailsIsNamed() throws Exception {
    maven(
        REPORT.formatted(2, 0, "SweepKillsIT")
            + REPORT.formatted(1, 0, "RecoverKillsIT")
            + "echo 'a.b.SweepKillsIT.one -- 1 s <<< ERROR!' >>target/failsafe-reports/x.SweepKillsIT.txt\n"
            + COUNTED
            + "exit 1\n");

    assertThat(shell("run_part sweep-kills 1 20 1234567").status()).isEqualTo(1);
    assertThat(top.resolve("target/prove/sweep-kills.failed")).hasContent("SweepKillsIT.one\n");
  }

  @Test
  void anInterruptEndsItAndLeavesTheDocumentAsItIs() throws Exception {
    maven("kill -INT $PPID; exit 130\n");

    Result result = shell("run_part sweep-kills 1 20 1234567 || true; echo written");

    assertThat(result.status()).isEqualTo(130);
    assertThat(result.out()).contains("prove: sweep-kills: interrupted").doesNotContain("written");
  }

  @Test
  void aTestOfAPartThatDoesNotRunIsNamed() throws Exception {
    Files.writeString(top.resolve("target/failsafe-reports/x.RecoverKillsIT.txt"), "of yesterday");
    maven(REPORT.formatted(2, 2, "SweepKillsIT") + COUNTED);

    Result result = shell("run_part sweep-kills 1 20 1234567");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out())
        .contains("prove: sweep-kills: has not run: SweepKillsIT, RecoverKillsIT\n");
  }

  @Test
  void aTestThatIsNoLongerThereIsRefusedBeforeAnythingRuns() throws Exception {
    Files.createFile(top.resolve("src/test/java/SweepKillsIT.java"));

    Result result = shell("refuse_lost_tests sweep-kills");

    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).isEqualTo("prove: sweep-kills: there is no test RecoverKillsIT\n");
    assertThat(run(Path.of("."), "bash", "-c", functions(".") + "refuse_lost_tests $(all_parts)"))
        .isEqualTo(new Result(0, ""));
  }

  @Test
  void changesAreToldApartFromTheCommit() throws Exception {
    shell("git init -q && mkdir docs && touch a docs/crash-matrix.md && git add a docs");
    shell("git -c user.name=a -c user.email=a@b commit -q -m a && echo 1 >docs/crash-matrix.md");

    assertThat(shell("state_of_sources").out()).matches("[0-9a-f]{7,}\n");
    Files.writeString(top.resolve("a"), "changed");
    assertThat(shell("state_of_sources").out()).matches("[0-9a-f]{7,}-dirty\n");
  }

  @Test
  void whatTheDocumentSaysOfAPartThatIsNotRunStays() throws Exception {
    Files.createDirectories(top.resolve("docs"));
    Path document = top.resolve("docs/crash-matrix.md");
    Files.copy(Path.of("docs/crash-matrix.md"), document);
    Files.copy(Path.of("docs/crash-faults.md"), top.resolve("docs/crash-faults.md"));
    Files.createDirectories(top.resolve("target/prove"));
    Files.writeString(
        top.resolve("target/prove/starts.about"), "2031-02-03\t1234567\t9.9\t64\t5\t61\n");
    Files.writeString(top.resolve("target/prove/starts.tsv"), "races\there\t9\t8\t0\t\n");
    Files.writeString(top.resolve("target/prove/starts.failed"), "AnIT.one\nAnIT.other\n");
    // Of a former run, of which the document no longer speaks.
    Files.copy(top.resolve("target/prove/starts.about"), top.resolve("target/prove/kills.about"));
    Files.copy(top.resolve("target/prove/starts.tsv"), top.resolve("target/prove/kills.tsv"));

    shell("write_matrix docs/crash-matrix.md starts");

    String before = Files.readString(Path.of("docs/crash-matrix.md"));
    String after = Files.readString(document);
    assertThat(section(after, "starts"))
        .contains("2031-02-03", "`1234567`", "| 9 | 8 | 0 |")
        .contains("Ended with a failure: `AnIT.one`, `AnIT.other`.");
    assertThat(section(after, "kills")).isEqualTo(section(before, "kills"));
    assertThat(section(after, "simulation")).isEqualTo(section(before, "simulation"));
    assertThat(after).endsWith("|\n").doesNotContain("\n\n\n");
  }

  @Test
  void aPartThatWasNeverRunIsSaidToBe() throws Exception {
    Files.createDirectories(top.resolve("docs"));
    Files.writeString(top.resolve("docs/crash-faults.md"), "## Found\n");

    shell("write_matrix docs/crash-matrix.md");

    assertThat(section(Files.readString(top.resolve("docs/crash-matrix.md")), "power"))
        .endsWith("\n\nNot run in its long form.\n\n");
  }

  private static String section(String document, String part) {
    int start = document.indexOf("\n## " + part + "\n");
    return document.substring(start, document.indexOf("\n## ", start + 1) + 1);
  }

  private void maven(String script) throws IOException {
    Path mvnw = Files.writeString(top.resolve("mvnw"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(mvnw, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** With the functions of ./prove, in a tree of its own. */
  private Result shell(String command) throws IOException, InterruptedException {
    return run(top, "bash", "-c", functions(top.toString()) + command);
  }

  private static String functions(String top) {
    String all = "set -euo pipefail; BASH_ARGV0=prove; top='%s'; chosen=(); ".formatted(top);
    return all
        + source("build/run/say.sh")
        + source("build/prove/parts.sh")
        + source("build/prove/matrix.sh");
  }

  private static String source(String file) {
    return ". '" + Path.of(file).toAbsolutePath() + "'; ";
  }

  private static Result run(Path directory, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), out);
  }
}
