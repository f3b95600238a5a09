package io.joblet.storage.cli.report;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.OperationReport;
import io.joblet.storage.v1.ReportOperationsResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rnx report operations}. */
@Command(
    name = "operations",
    description = "Lists operations on the host that failed, the latest first.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx report operations", "  rnx report operations --limit=10 --format=json"})
final class ReportOperations implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;
  @Mixin Pages pages;

  @Override
  public Integer call() throws IOException {
    try (Daemon daemon = connection.open()) {
      pages.print(
          daemon,
          output,
          OperationReport.view(output.now()),
          (stub, request) -> stub.reportOperations(request),
          ReportOperationsResponse::getOperationsList,
          ReportOperationsResponse::getNextPageToken);
    }
    return Exit.DONE;
  }
}
