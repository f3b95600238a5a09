package io.joblet.storage.cli.owner;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Listing;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.OwnerView;
import io.joblet.storage.v1.ListOwnersRequest;
import io.joblet.storage.v1.ListOwnersResponse;
import io.joblet.storage.v1.Owner;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rnx owner list}. Asks for page after page and prints each as it comes. */
@Command(
    name = "list",
    aliases = "ls",
    description = "Lists owners that have something or a limit, each as used/limit.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx owner list", "  rnx owner list --format=json"})
final class ListOwners implements Callable<Integer> {
  private static final int PAGE = 500;

  @Mixin Connection connection;
  @Mixin Output output;

  @Override
  public Integer call() throws IOException {
    ListOwnersRequest.Builder request = ListOwnersRequest.newBuilder().setPageSize(PAGE);
    try (Daemon daemon = connection.open()) {
      Listing<Owner> listing = output.list(OwnerView.list());
      do {
        ListOwnersRequest page = request.build();
        ListOwnersResponse answer = daemon.access(stub -> stub.listOwners(page));
        listing.add(answer.getOwnersList());
        request.setPageToken(answer.getNextPageToken());
      } while (!request.getPageToken().isEmpty());
      listing.end();
    }
    return Exit.DONE;
  }
}
