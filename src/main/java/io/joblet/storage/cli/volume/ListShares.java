package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Listing;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.ShareList;
import io.joblet.storage.v1.ListSharesRequest;
import io.joblet.storage.v1.ListSharesResponse;
import io.joblet.storage.v1.Share;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx volume shares}. Asks for page after page and prints each as it comes. */
@Command(
    name = "shares",
    description = "Lists the owners with whom a volume is shared.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx volume shares data", "  rnx volume shares data --format=json"})
final class ListShares implements Callable<Integer> {
  private static final int PAGE = 500;

  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "VOLUME", description = "A name or an id.")
  String volume;

  @Override
  public Integer call() throws IOException {
    ListSharesRequest.Builder request =
        ListSharesRequest.newBuilder().setVolume(volume).setPageSize(PAGE);
    try (Daemon daemon = connection.open()) {
      Listing<Share> listing = output.list(ShareList.view());
      do {
        ListSharesRequest page = request.build();
        ListSharesResponse answer = daemon.access(stub -> stub.listShares(page));
        listing.add(answer.getSharesList());
        request.setPageToken(answer.getNextPageToken());
      } while (!request.getPageToken().isEmpty());
      listing.end();
    }
    return Exit.DONE;
  }
}
