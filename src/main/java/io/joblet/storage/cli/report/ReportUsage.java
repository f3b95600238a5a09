package io.joblet.storage.cli.report;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.UsageReport;
import io.joblet.storage.v1.ReportUsageResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rnx report usage}. */
@Command(
    name = "usage",
    description = "Lists volumes by what they use, the largest first.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx report usage", "  rnx report usage --owner=team-a --format=json"})
final class ReportUsage implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;
  @Mixin Pages pages;

  @Override
  public Integer call() throws IOException {
    try (Daemon daemon = connection.open()) {
      pages.print(
          daemon,
          output,
          UsageReport.view(output.now()),
          (stub, request) -> stub.reportUsage(request),
          ReportUsageResponse::getVolumesList,
          ReportUsageResponse::getNextPageToken);
    }
    return Exit.DONE;
  }
}
