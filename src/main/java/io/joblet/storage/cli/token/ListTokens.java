package io.joblet.storage.cli.token;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.TokenView;
import io.joblet.storage.v1.ListTokensRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rnx token list}. */
@Command(
    name = "list",
    aliases = "ls",
    description = "Lists tokens that are not revoked.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx token list", "  rnx token list --format=json"})
final class ListTokens implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Override
  public Integer call() throws IOException {
    try (Daemon daemon = connection.open()) {
      output.list(
          TokenView.list(output.now()),
          daemon
              .access(stub -> stub.listTokens(ListTokensRequest.getDefaultInstance()))
              .getTokensList());
    }
    return Exit.DONE;
  }
}
