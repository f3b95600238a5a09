package io.joblet.storage.cli.report;

import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Listing;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.cli.values.Count;
import io.joblet.storage.v1.ReportRequest;
import io.joblet.storage.v1.ReportServiceGrpc.ReportServiceBlockingStub;
import java.io.IOException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Which part of a report, and its pages, each printed as it comes. Mixed into every report. */
final class Pages {
  private static final int PAGE = 500;

  @Option(names = "--owner", paramLabel = "OWNER", description = "Only what belongs to OWNER.")
  String owner = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "Stop after N; default ${DEFAULT-VALUE}.")
  Count limit;

  Pages() {}

  /**
   * Prints the report.
   *
   * @param ask the call
   * @param rows of an answer
   * @param token of the next page in an answer; empty behind the last
   */
  <A, T> void print(
      Daemon daemon,
      Output output,
      View<T> view,
      BiFunction<ReportServiceBlockingStub, ReportRequest, A> ask,
      Function<A, List<T>> rows,
      Function<A, String> token)
      throws IOException {
    ReportRequest.Builder request = ReportRequest.newBuilder().setOwner(owner);
    Listing<T> listing = output.list(view);
    long missing = limit.number();
    do {
      ReportRequest page = request.setPageSize((int) Math.min(PAGE, missing)).build();
      A answer = daemon.reports(stub -> ask.apply(stub, page));
      listing.add(rows.apply(answer));
      missing -= rows.apply(answer).size();
      request.setPageToken(token.apply(answer));
    } while (missing > 0 && !request.getPageToken().isEmpty());
    listing.end();
  }
}
