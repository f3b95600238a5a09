package io.joblet.storage.cli.report;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Listing;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.Day;
import io.joblet.storage.cli.view.HistoryReport;
import io.joblet.storage.v1.ReportHistoryRequest;
import io.joblet.storage.v1.UsageDay;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx report history}. */
@Command(
    name = "history",
    description = "Shows what a volume, or everything, used day by day, the earliest first.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx report history data",
      "  rnx report history data --from=2026-01-01 --to=2026-03-31",
      "  rnx report history --owner=team-a --format=json"
    })
final class ReportHistory implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(
      arity = "0..1",
      paramLabel = "VOLUME",
      description = "A name or an id; default: the sums of all volumes.")
  String volume = "";

  @Option(
      names = "--owner",
      paramLabel = "OWNER",
      description = "Only what belongs to OWNER; not with VOLUME.")
  String owner = "";

  @Option(
      names = "--from",
      paramLabel = "DAY",
      description = "The first day, e.g. 2026-03-01; default: 30 days are shown.")
  Day from;

  @Option(names = "--to", paramLabel = "DAY", description = "The last day; default: today, UTC.")
  Day to;

  @Override
  public Integer call() throws IOException {
    try (Daemon daemon = connection.open()) {
      ReportHistoryRequest request =
          ReportHistoryRequest.newBuilder()
              .setVolume(volume)
              .setOwner(owner)
              .setFrom(Day.message(from))
              .setTo(Day.message(to))
              .build();
      List<UsageDay> days = daemon.reports(stub -> stub.reportHistory(request)).getDaysList();
      Listing<UsageDay> listing = output.list(HistoryReport.view(days));
      listing.add(days);
      listing.end();
    }
    return Exit.DONE;
  }
}
