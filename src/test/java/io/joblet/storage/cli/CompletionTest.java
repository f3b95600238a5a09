package io.joblet.storage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionTest {
  @TempDir Path directory;

  @Test
  void completesInBash() throws Exception {
    Outcome outcome = Outcome.of(Map.of(), "completion", "bash");
    Path script = Files.writeString(directory.resolve("rnx.bash"), outcome.out());

    assertThat(outcome.status()).isZero();
    assertThat(bash("-n", script.toString())).isEmpty();
    assertThat(
            bash(
                "-c",
                "source "
                    + script
                    + "; COMP_WORDS=(rnx volume cr); COMP_CWORD=2; COMP_LINE='rnx volume cr';"
                    + " COMP_POINT=13; _complete_rnx; echo \"${COMPREPLY[@]}\""))
        .isEqualTo("create\n");
  }

  @Test
  void completesWhatRunsJobs() throws Exception {
    Outcome outcome = Outcome.of(Map.of(), "completion", "bash");
    Path script = Files.writeString(directory.resolve("rnx.bash"), outcome.out());

    assertThat(completions(script, "rnx ru")).isEqualTo("run\n");
    assertThat(completions(script, "rnx run --wor")).isEqualTo("--work-size --workdir\n");
    assertThat(completions(script, "rnx job insp")).isEqualTo("inspect\n");
  }

  private static String completions(Path script, String line) throws Exception {
    return bash(
        "-c",
        "source "
            + script
            + "; COMP_WORDS=("
            + line
            + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE='"
            + line
            + "'; COMP_POINT=${#COMP_LINE}; _complete_rnx 2>/dev/null; echo \"${COMPREPLY[@]}\"");
  }

  @Test
  void startsTheCompletionSystemOfZshFirst() {
    Outcome outcome = Outcome.of(Map.of(), "completion", "zsh");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.out()).startsWith("autoload -U +X compinit && compinit\n#!");
  }

  private static String bash(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "bash";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
