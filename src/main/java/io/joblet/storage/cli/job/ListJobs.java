package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Listing;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.Count;
import io.joblet.storage.cli.values.Whose;
import io.joblet.storage.cli.view.JobList;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.ListJobsRequest;
import io.joblet.storage.v1.ListJobsResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rnx job list}. Asks for page after page and prints each as it comes. */
@Command(
    name = "list",
    aliases = "ls",
    description = "Lists jobs that have not ended, in the order of their creation.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx job list", "  rnx job list --all --format=json"})
final class ListJobs implements Callable<Integer> {
  private static final int PAGE = 500;

  @Mixin Connection connection;
  @Mixin Output output;
  @Mixin Whose whose;

  @Option(
      names = {"-a", "--all"},
      description = "Also those that have ended.")
  boolean all;

  @Option(names = "--limit", paramLabel = "N", description = "Stop after N; default all.")
  Count limit = new Count(Long.MAX_VALUE);

  @Override
  public Integer call() throws IOException {
    ListJobsRequest.Builder request =
        ListJobsRequest.newBuilder()
            .setOwner(whose.owner())
            .setAllOwners(whose.all())
            .setShowEnded(all);
    try (Daemon daemon = connection.open()) {
      Listing<Job> listing = output.list(JobList.view(all, whose.all(), output.now()));
      long missing = limit.number();
      do {
        ListJobsRequest page = request.setPageSize((int) Math.min(PAGE, missing)).build();
        ListJobsResponse answer = daemon.jobs(stub -> stub.listJobs(page));
        listing.add(answer.getJobsList());
        missing -= answer.getJobsCount();
        request.setPageToken(answer.getNextPageToken());
      } while (missing > 0 && !request.getPageToken().isEmpty());
      listing.end();
    }
    return Exit.DONE;
  }
}
