package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.VolumeDocument;
import io.joblet.storage.v1.UndeleteVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx volume undelete}. */
@Command(
    name = "undelete",
    description =
        "Takes a volume out of the trash and prints it; 'list --deleted' shows the trash.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx volume undelete data", "  rnx volume undelete data --name=data-of-yesterday"})
final class UndeleteVolume implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(
      paramLabel = "VOLUME",
      description = "An id, or a name if only one volume of that name is in the trash.")
  String volume;

  @Option(
      names = "--name",
      paramLabel = "NEW",
      description = "Its name from now on, if its own has been taken meanwhile.")
  String newName = "";

  @Override
  public Integer call() throws IOException {
    UndeleteVolumeRequest request =
        UndeleteVolumeRequest.newBuilder()
            .setVolume(volume)
            .setNewName(newName)
            .setRequestId(requestId.next())
            .build();
    try (Daemon daemon = connection.open()) {
      Volume back = daemon.volumes(stub -> stub.undeleteVolume(request)).getVolume();
      output.print(
          () -> VolumeDocument.of(back),
          () -> "undeleted " + back.getName() + " (" + back.getId() + ")\n");
    }
    return Exit.DONE;
  }
}
