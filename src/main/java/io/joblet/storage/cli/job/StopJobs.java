package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.Several;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.values.Grace;
import io.joblet.storage.cli.view.JobDocument;
import io.joblet.storage.cli.view.JobEnd;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.StopJobRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx job stop}. One that cannot be stopped does not keep the others. */
@Command(
    name = "stop",
    description = {
      "Ends jobs: TERM, and KILL when the grace period is over.",
      "Returns when everything of them is gone; exit status 1 if any could not be stopped."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  rnx job stop build-17", "  rnx job stop --grace=0 build-17 build-18"})
final class StopJobs implements Callable<Integer> {
  private final Surroundings surroundings;

  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "JOB", arity = "1..*", description = "Names or ids.")
  List<String> jobs;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "Between TERM and KILL, up to 1h; 0 kills at once; default ${DEFAULT-VALUE}.")
  Grace grace = Grace.of("10s");

  StopJobs(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Several<Job> stopped;
    try (Daemon daemon = connection.open()) {
      stopped = Several.each(jobs, job -> stop(daemon, job), null, surroundings);
    }
    if (output.forPeople()) {
      for (Job job : stopped.done()) {
        output.line("stopped " + job.getName() + "; it " + JobEnd.words(job));
      }
    } else {
      output.list(new View<>(JobDocument::of, List.of(), ""), stopped.done());
    }
    return stopped.status();
  }

  private Job stop(Daemon daemon, String job) {
    StopJobRequest request =
        StopJobRequest.newBuilder().setJob(job).setGrace(grace.message()).build();
    return daemon.jobsOnce(grace.duration(), stub -> stub.stopJob(request)).getJob();
  }
}
