package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.daemon.Several;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.v1.RemoveJobRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnx job remove}. One that cannot be removed does not keep the others. */
@Command(
    name = "remove",
    aliases = "rm",
    description = {
      "Forgets jobs that have ended, and their logs. Volumes stay.",
      "One with a prepared file system is taken away.",
      "Exit status 1 if any of them could not be removed."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  rnx job remove build-17", "  rnx job remove --force build-17 build-18"})
final class RemoveJobs implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec CommandSpec spec;
  @Mixin Connection connection;
  @Mixin Output output;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(paramLabel = "JOB", arity = "1..*", description = "Names or ids.")
  List<String> jobs;

  @Option(names = "--force", description = "Kill it first if it runs.")
  boolean force;

  RemoveJobs(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (requestId.isChosen() && jobs.size() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--request-id names one request; remove one job with it");
    }
    Several<String> removed;
    try (Daemon daemon = connection.open()) {
      removed = Several.each(jobs, job -> remove(daemon, job), requestId, surroundings);
    }
    if (output.forPeople()) {
      for (String job : removed.done()) {
        output.line("removed " + job);
      }
    } else {
      output.list(new View<>(job -> Map.of("job", job), List.of(), ""), removed.done());
    }
    return removed.status();
  }

  private String remove(Daemon daemon, String job) {
    RemoveJobRequest request =
        RemoveJobRequest.newBuilder()
            .setJob(job)
            .setForce(force)
            .setRequestId(requestId.next())
            .build();
    var done = daemon.jobs(stub -> stub.removeJob(request));
    assert done != null;
    return job;
  }
}
