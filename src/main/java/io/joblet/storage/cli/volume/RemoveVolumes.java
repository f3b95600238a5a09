package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.daemon.Several;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.output.View;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.v1.DeleteVolumeRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnx volume remove}. One that cannot be removed does not keep the others. */
@Command(
    name = "remove",
    aliases = "rm",
    description = {
      "Moves volumes to the trash, from where undelete has them back until their retention ends.",
      "Memory volumes are gone at once, and so is with --purge one that is in the trash already.",
      "Exit status 1 if any of them could not be removed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx volume remove data",
      "  rnx volume remove data cache --force",
      "  rnx volume remove data --purge",
      "  rnx volume remove --purge 01958f2e-0000-7000-8000-000000000001"
    })
final class RemoveVolumes implements Callable<Integer> {
  private final Surroundings surroundings;

  @Spec CommandSpec spec;
  @Mixin Connection connection;
  @Mixin Output output;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(
      paramLabel = "VOLUME",
      arity = "1..*",
      description = "Names or ids; ids of what is in the trash.")
  List<String> volumes;

  @Option(
      names = "--force",
      description =
          "Detach it first from jobs that hold it; a process that uses it is still in the way.")
  boolean force;

  @Option(
      names = "--purge",
      description = "Skip the trash, or take it out of there: the data cannot be had back.")
  boolean purge;

  RemoveVolumes(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    if (requestId.isChosen() && volumes.size() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--request-id names one request; remove one volume with it");
    }
    Several<Removed> removed;
    try (Daemon daemon = connection.open()) {
      removed = Several.each(volumes, volume -> remove(daemon, volume), requestId, surroundings);
    }
    print(removed.done());
    return removed.status();
  }

  private Removed remove(Daemon daemon, String volume) {
    DeleteVolumeRequest request =
        DeleteVolumeRequest.newBuilder()
            .setVolume(volume)
            .setForce(force)
            .setPurge(purge)
            .setRequestId(requestId.next())
            .build();
    return new Removed(volume, daemon.volumes(stub -> stub.deleteVolume(request)));
  }

  private void print(List<Removed> removed) throws IOException {
    if (output.forPeople()) {
      for (Removed one : removed) {
        output.line(one.sentence());
      }
    } else {
      output.list(new View<>(Removed::document, List.of(), ""), removed);
    }
  }
}
