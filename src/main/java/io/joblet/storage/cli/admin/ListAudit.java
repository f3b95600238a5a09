package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Listing;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.Count;
import io.joblet.storage.cli.view.AuditList;
import io.joblet.storage.v1.AuditEntry;
import io.joblet.storage.v1.ListAuditRequest;
import io.joblet.storage.v1.ListAuditResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rnx admin audit}. */
@Command(
    name = "audit",
    description = {
      "Lists who changed what, from where, and what came of it, the latest first.",
      "Changes that were refused or failed are there too."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx admin audit",
      "  rnx admin audit --wide",
      "  rnx admin audit --owner=team-a --limit=500 --format=json"
    })
final class ListAudit implements Callable<Integer> {
  private static final int PAGE = 500;

  @Mixin Connection connection;
  @Mixin Output output;

  @Option(names = "--owner", paramLabel = "OWNER", description = "Only calls of OWNER.")
  String owner = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "Stop after N; default ${DEFAULT-VALUE}.")
  Count limit;

  @Option(
      names = "--wide",
      description = "Also show the role, the request id and what was asked for.")
  boolean wide;

  @Override
  public Integer call() throws IOException {
    ListAuditRequest.Builder request = ListAuditRequest.newBuilder().setOwner(owner);
    try (Daemon daemon = connection.open()) {
      Listing<AuditEntry> listing = output.list(AuditList.view(wide, output.now()));
      long missing = limit.number();
      do {
        ListAuditRequest page = request.setPageSize((int) Math.min(PAGE, missing)).build();
        ListAuditResponse answer = daemon.admin(stub -> stub.listAudit(page));
        listing.add(answer.getEntriesList());
        missing -= answer.getEntriesCount();
        request.setPageToken(answer.getNextPageToken());
      } while (missing > 0 && !request.getPageToken().isEmpty());
      listing.end();
    }
    return Exit.DONE;
  }
}
