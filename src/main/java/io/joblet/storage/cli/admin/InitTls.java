package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.tls.HostName;
import io.joblet.storage.cli.tls.Installation;
import io.joblet.storage.cli.tls.NewClient;
import io.joblet.storage.cli.values.Port;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rnx admin init-tls}. */
@Command(
    name = "init-tls",
    description = {
      "Makes what the daemon and its clients need to talk by mutual TLS.",
      "A CA, a certificate for the daemon, and for each client one and an rnx-config.yml. What is there",
      "already stays as it is, so that it can be called again for more clients. Keep ca.key away",
      "from the host once all clients are made."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx admin init-tls --directory=/etc/joblet/tls --host=storage.example.org --client=alice:developer",
      "  rnx admin init-tls --directory=/etc/joblet/tls --client=bob:reader"
    })
final class InitTls implements Callable<Integer> {
  private final Surroundings surroundings;

  @Option(names = "--directory", required = true, paramLabel = "DIR", description = "Where to.")
  Path directory;

  @Option(
      names = "--host",
      paramLabel = "NAME",
      description =
          "A name or an IP address by which clients reach the daemon; the first is the one they are"
              + " told. May be given several times. localhost and joblet always are.")
  List<HostName> hosts = new ArrayList<>();

  @Option(
      names = "--client",
      paramLabel = "NAME:ROLE",
      description =
          "An owner, and a role: reader, developer, maintainer or admin. May be given several times.")
  List<NewClient> clients = new ArrayList<>();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "50051",
      description = "Where the daemon listens; default ${DEFAULT-VALUE}.")
  Port port;

  InitTls(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Installation installation = new Installation(directory, surroundings.clock().instant());
    List<String> names = hosts.stream().map(HostName::text).toList();
    for (Path written : installation.make(names, port.number(), clients)) {
      surroundings.out().write(written + "\n");
    }
    installation.kept().forEach(surroundings::note);
    surroundings.note("the daemon's settings:");
    installation.settings(port.number()).forEach(line -> surroundings.note("  " + line));
    return Exit.DONE;
  }
}
