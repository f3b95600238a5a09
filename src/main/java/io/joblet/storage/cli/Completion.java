package io.joblet.storage.cli;

import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnx completion}. */
@Command(
    name = "completion",
    description = "Prints a script that completes commands and options in a shell.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(rnx completion bash)",
      "  rnx completion bash > /etc/bash_completion.d/rnx",
      "  echo 'source <(rnx completion zsh)' >> ~/.zshrc"
    })
final class Completion implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
  Shell shell;

  Completion(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    // Both load the same functions; zsh needs its own completion system up before it can.
    String before =
        switch (shell) {
          case BASH -> "";
          case ZSH -> "autoload -U +X compinit && compinit\n";
        };
    surroundings.out().write(before);
    surroundings.out().write(AutoComplete.bash("rnx", spec.root().commandLine()));
    surroundings.out().flush();
    return Exit.DONE;
  }

  /** What completes. */
  enum Shell {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
