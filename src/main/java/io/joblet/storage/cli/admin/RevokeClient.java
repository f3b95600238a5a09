package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.tls.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rnx admin revoke}. */
@Command(
    name = "revoke",
    description = {
      "Revokes the certificates of clients that init-tls made.",
      "Signs the list that joblet.tls.revoked names, which the daemon reads within a second or two. Where",
      "that is another host, copy the list there."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  rnx admin revoke --directory=/etc/joblet/tls --client=alice"})
final class RevokeClient implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(
      names = "--directory",
      required = true,
      paramLabel = "DIR",
      description = "Where init-tls made them; with ca.key.")
  Path directory;

  @Option(
      names = "--client",
      required = true,
      paramLabel = "NAME",
      description = "Whose; may be given several times.")
  List<String> clients;

  RevokeClient(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Installation installation = new Installation(directory, surroundings.clock().instant());
    surroundings.out().write(installation.revoke(clients) + "\n");
    return Exit.DONE;
  }
}
