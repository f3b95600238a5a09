package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.VolumeDocument;
import io.joblet.storage.cli.view.VolumeFields;
import io.joblet.storage.v1.GetVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx volume inspect}. */
@Command(
    name = "inspect",
    description = "Shows all that is known of a volume.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx volume inspect data", "  rnx volume inspect data --format=json"})
final class InspectVolume implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "VOLUME", description = "A name or an id.")
  String volume;

  @Override
  public Integer call() throws IOException {
    GetVolumeRequest request = GetVolumeRequest.newBuilder().setVolume(volume).build();
    try (Daemon daemon = connection.open()) {
      Volume found = daemon.volumes(stub -> stub.getVolume(request)).getVolume();
      output.print(
          () -> VolumeDocument.of(found), () -> new VolumeFields(found, output.now()).lines());
    }
    return Exit.DONE;
  }
}
