package io.joblet.storage.cli.report;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.IdleReport;
import io.joblet.storage.v1.ReportIdleResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rnx report idle}. */
@Command(
    name = "idle",
    description = "Lists volumes that nobody has attached, the longest first.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx report idle", "  rnx report idle --limit=20"})
final class ReportIdle implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;
  @Mixin Pages pages;

  @Override
  public Integer call() throws IOException {
    try (Daemon daemon = connection.open()) {
      pages.print(
          daemon,
          output,
          IdleReport.view(output.now()),
          (stub, request) -> stub.reportIdle(request),
          ReportIdleResponse::getVolumesList,
          ReportIdleResponse::getNextPageToken);
    }
    return Exit.DONE;
  }
}
