package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.view.VolumeDocument;
import io.joblet.storage.v1.DetachVolumeRequest;
import io.joblet.storage.v1.Volume;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx volume detach}. */
@Command(
    name = "detach",
    description = {
      "Takes a volume out of a job's directory and prints the volume.",
      "Refused while a process uses it; the error names the process."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx volume detach data",
      "  rnx volume detach models --job=build-17 --path=/models"
    })
final class DetachVolume implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(paramLabel = "VOLUME", description = "A name or an id.")
  String volume;

  @Option(
      names = "--job",
      paramLabel = "ID",
      description = "From which job; needed when several hold it.")
  String job = "";

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "From where; needed when the job has it at several places.")
  String path = "";

  @Override
  public Integer call() throws IOException {
    DetachVolumeRequest request =
        DetachVolumeRequest.newBuilder()
            .setVolume(volume)
            .setJobId(job)
            .setMountPath(path)
            .setRequestId(requestId.next())
            .build();
    try (Daemon daemon = connection.open()) {
      Volume detached = daemon.volumes(stub -> stub.detachVolume(request)).getVolume();
      output.print(
          () -> VolumeDocument.of(detached), () -> "detached " + detached.getName() + "\n");
    }
    return Exit.DONE;
  }
}
