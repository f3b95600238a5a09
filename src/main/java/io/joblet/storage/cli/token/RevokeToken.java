package io.joblet.storage.cli.token;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.v1.RevokeTokenRequest;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx token revoke}. */
@Command(
    name = "revoke",
    description = "Refuses a token from now on.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx token revoke 0199d4a2-5f0e-7c31-9d4b-1f0c3a7e5b21"})
final class RevokeToken implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "ID", description = "As list shows it.")
  String id;

  @Override
  public Integer call() throws IOException {
    RevokeTokenRequest request = RevokeTokenRequest.newBuilder().setId(id).build();
    try (Daemon daemon = connection.open()) {
      var done = daemon.accessOnce(stub -> stub.revokeToken(request));
      assert done != null;
      output.print(() -> Map.of("id", id), () -> "revoked " + id + "\n");
    }
    return Exit.DONE;
  }
}
