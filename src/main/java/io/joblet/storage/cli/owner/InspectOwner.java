package io.joblet.storage.cli.owner;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.OwnerView;
import io.joblet.storage.v1.GetOwnerRequest;
import io.joblet.storage.v1.Owner;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx owner inspect}. */
@Command(
    name = "inspect",
    description = "Shows an owner's limits and what is used of them; one's own without a name.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx owner inspect", "  rnx owner inspect alice --format=json"})
final class InspectOwner implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "OWNER", arity = "0..1", description = "A name.")
  String owner = "";

  @Override
  public Integer call() throws IOException {
    GetOwnerRequest request = GetOwnerRequest.newBuilder().setOwner(owner).build();
    try (Daemon daemon = connection.open()) {
      Owner found = daemon.access(stub -> stub.getOwner(request)).getOwner();
      output.print(() -> OwnerView.document(found), () -> OwnerView.lines(found));
    }
    return Exit.DONE;
  }
}
