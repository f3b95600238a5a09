package io.joblet.storage.cli.volume;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.Access;
import io.joblet.storage.cli.values.JobLife;
import io.joblet.storage.cli.view.AttachmentDocument;
import io.joblet.storage.v1.AttachVolumeRequest;
import io.joblet.storage.v1.Attachment;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx volume attach}. */
@Command(
    name = "attach",
    description = "Shows a volume in a job's directory and prints the attachment.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx volume attach data --job=build-17",
      "  rnx volume attach models --job=build-17 --path=/models --access=shared-read-only",
      "  rnx volume attach cache --job=build-17 --pid=4711"
    })
final class AttachVolume implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(paramLabel = "VOLUME", description = "A name or an id.")
  String volume;

  @Option(names = "--job", paramLabel = "ID", required = true, description = "The job's id.")
  String job;

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Where, as the job will see it; default /volumes/NAME.")
  String path = "";

  @Option(names = "--read-only", description = "This job may not write.")
  boolean readOnly;

  @Option(
      names = "--access",
      paramLabel = "MODE",
      defaultValue = "exclusive",
      description = "Who else may hold it: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  Access access;

  @ArgGroup JobLife life;

  @Override
  public Integer call() throws IOException {
    AttachVolumeRequest request =
        AttachVolumeRequest.newBuilder()
            .setVolume(volume)
            .setJobId(job)
            .setMountPath(path)
            .setReadOnly(readOnly)
            .setAccessMode(access.message())
            .setLiveness(JobLife.message(life))
            .setRequestId(requestId.next())
            .build();
    try (Daemon daemon = connection.open()) {
      Attachment made = daemon.volumes(stub -> stub.attachVolume(request)).getAttachment();
      output.print(() -> AttachmentDocument.of(made), () -> sentence(made));
    }
    return Exit.DONE;
  }

  private static String sentence(Attachment made) {
    return "attached "
        + made.getVolumeName()
        + " to "
        + made.getJobId()
        + " at "
        + made.getMountPath()
        + (made.getReadOnly() ? ", read-only" : "")
        + "; on the host: "
        + made.getHostPath()
        + "\n";
  }
}
