package io.joblet.storage.cli.report;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.GrowthReport;
import io.joblet.storage.v1.ReportGrowthResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rnx report growth}. */
@Command(
    name = "growth",
    description = "Lists volumes by when they will be full, the soonest first.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx report growth", "  rnx report growth --format=yaml"})
final class ReportGrowth implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;
  @Mixin Pages pages;

  @Override
  public Integer call() throws IOException {
    try (Daemon daemon = connection.open()) {
      pages.print(
          daemon,
          output,
          GrowthReport.view(output.now()),
          (stub, request) -> stub.reportGrowth(request),
          ReportGrowthResponse::getVolumesList,
          ReportGrowthResponse::getNextPageToken);
    }
    return Exit.DONE;
  }
}
