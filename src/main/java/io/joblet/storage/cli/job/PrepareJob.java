package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.JobLife;
import io.joblet.storage.cli.values.Mount;
import io.joblet.storage.cli.view.AttachmentDocument;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.PrepareVolumesResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx job prepare}. */
@Command(
    name = "prepare",
    description = "Attaches volumes to a job, all of them or none, and prints where they are.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx job prepare build-17 --volume=data:/data --volume=models:/models:ro,shared",
      "  rnx job prepare build-17 --volume=data --lease=5m"
    })
final class PrepareJob implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(paramLabel = "JOB", description = "The job's id.")
  String job;

  @Option(
      names = "--volume",
      paramLabel = "VOLUME[:/PATH[:OPTION,...]]",
      required = true,
      description = {
        "May be given several times. Options: ro, rw, exclusive (default), shared,",
        "shared-read-only."
      })
  List<Mount> mounts;

  @ArgGroup JobLife life;

  @Override
  public Integer call() throws IOException {
    PrepareVolumesRequest request =
        PrepareVolumesRequest.newBuilder()
            .setJobId(job)
            .addAllVolumes(mounts.stream().map(Mount::message).toList())
            .setLiveness(JobLife.message(life))
            .setRequestId(requestId.next())
            .build();
    try (Daemon daemon = connection.open()) {
      PrepareVolumesResponse answer = daemon.volumes(stub -> stub.prepareVolumes(request));
      output.print(() -> document(answer), () -> lines(answer));
    }
    return Exit.DONE;
  }

  private Map<String, Object> document(PrepareVolumesResponse answer) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("job_id", job);
    document.put("job_directory", Shown.text(answer.getJobDirectory()));
    document.put(
        "attachments", answer.getAttachmentsList().stream().map(AttachmentDocument::of).toList());
    return document;
  }

  private String lines(PrepareVolumesResponse answer) {
    StringBuilder lines = new StringBuilder();
    lines.append("prepared ").append(job).append(" in ");
    lines.append(answer.getJobDirectory()).append('\n');
    answer
        .getAttachmentsList()
        .forEach(made ->
            lines
                .append("  ")
                .append(made.getVolumeName())
                .append(" at ")
                .append(made.getMountPath())
                .append(made.getReadOnly() ? ", read-only\n" : "\n"));
    return lines.toString();
  }
}
