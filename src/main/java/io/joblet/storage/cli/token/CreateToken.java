package io.joblet.storage.cli.token;

import com.google.protobuf.Duration;
import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.Span;
import io.joblet.storage.cli.view.TokenView;
import io.joblet.storage.v1.CreateTokenRequest;
import io.joblet.storage.v1.CreateTokenResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx token create}. */
@Command(
    name = "create",
    description = {
      "Makes a bearer token and prints it.",
      "It is printed this once: the daemon keeps only a hash of it."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  rnx token create ci --owner=alice --role=developer --life=90d"})
final class CreateToken implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "NAME", description = "What to call it; its owner's own.")
  String name;

  @Option(names = "--owner", required = true, paramLabel = "OWNER", description = "Whose it is.")
  String owner;

  @Option(
      names = "--role",
      required = true,
      paramLabel = "ROLE",
      description = "reader, developer, maintainer or admin.")
  String role;

  @Option(names = "--life", paramLabel = "TIME", description = "How long; else until revoked.")
  Span life;

  @Override
  public Integer call() throws IOException {
    CreateTokenRequest.Builder request =
        CreateTokenRequest.newBuilder().setName(name).setOwner(owner).setRole(role);
    if (life != null) {
      request.setLife(Duration.newBuilder().setSeconds(life.duration().toSeconds()));
    }
    try (Daemon daemon = connection.open()) {
      CreateTokenResponse made = daemon.accessOnce(stub -> stub.createToken(request.build()));
      output.print(
          () -> {
            Map<String, Object> document = TokenView.document(made.getToken());
            document.put("secret", made.getSecret());
            return document;
          },
          () -> made.getSecret() + "\n");
    }
    return Exit.DONE;
  }
}
