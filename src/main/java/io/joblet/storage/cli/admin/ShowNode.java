package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.NodeView;
import io.joblet.storage.v1.GetNodeRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rnx admin node}. */
@Command(
    name = "node",
    description = "Shows this host as the daemon sees it: backend, pool, budgets.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx admin node", "  rnx admin node --format=yaml"})
final class ShowNode implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Override
  public Integer call() throws IOException {
    try (Daemon daemon = connection.open()) {
      NodeView node =
          new NodeView(daemon.admin(stub -> stub.getNode(GetNodeRequest.getDefaultInstance())));
      output.print(node::document, () -> node.lines(output.now()));
    }
    return Exit.DONE;
  }
}
