package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.JobDocument;
import io.joblet.storage.cli.view.JobFields;
import io.joblet.storage.v1.GetJobRequest;
import io.joblet.storage.v1.Job;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx job inspect}. */
@Command(
    name = "inspect",
    description = "Shows all that is known of a job, also after its end.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx job inspect build-17", "  rnx job inspect build-17 --format=json"})
final class InspectJob implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(
      paramLabel = "JOB",
      description = "A name or an id. A name that several had means the youngest.")
  String job;

  @Override
  public Integer call() throws IOException {
    GetJobRequest request = GetJobRequest.newBuilder().setJob(job).build();
    try (Daemon daemon = connection.open()) {
      Job found = daemon.jobs(stub -> stub.getJob(request)).getJob();
      output.print(() -> JobDocument.of(found), () -> new JobFields(found, output.now()).lines());
    }
    return Exit.DONE;
  }
}
