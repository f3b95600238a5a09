package io.joblet.storage.cli.log;

import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.shell.Visible;
import io.joblet.storage.v1.Job;
import java.util.HashSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** What {@code rnx} itself says on stderr beside the output of a job. Mixed into what prints it. */
public final class Notes {
  private final Surroundings surroundings;
  private final Set<String> said = new HashSet<>();

  @Option(
      names = {"-q", "--quiet"},
      description = "Print no warnings.")
  boolean quiet;

  Notes(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** A line for each thing that could not be enforced for the job and has not been said yet. */
  public void warnings(Job job) {
    job.getWarningsList().stream().filter(said::add).forEach(this::warning);
  }

  /** One thing that is not as it should be, though the job goes on. */
  public void warning(String text) {
    if (!quiet) {
      surroundings.note("rnx: warning: " + Visible.text(text));
    }
  }

  /** A line that {@code --quiet} does not take away. */
  public void line(String text) {
    surroundings.note("rnx: " + Visible.text(text));
  }
}
