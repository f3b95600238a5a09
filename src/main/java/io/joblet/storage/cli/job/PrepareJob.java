package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.log.Notes;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.FilesystemOptions;
import io.joblet.storage.cli.values.JobLife;
import io.joblet.storage.cli.values.Mount;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.PrepareFilesystemRequest;
import io.joblet.storage.v1.PrepareVolumesRequest;
import io.joblet.storage.v1.PrepareVolumesResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rnx job prepare}. */
@Command(
    name = "prepare",
    description = {
      "Attaches volumes to a job, all of them or none, and prints where they are.",
      "With --rootfs it also gets a root file system, for an executor with processes of its own."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx job prepare build-17 --volume=data:/data --volume=models:/models:ro,shared",
      "  rnx job prepare build-17 --volume=data --lease=5m",
      "  rnx job prepare build-17 --rootfs=host --work-size=64MB --volume=data:/data --pid=4711"
    })
final class PrepareJob implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin Connection connection;
  @Mixin Output output;
  @Mixin FilesystemOptions filesystem;
  @Mixin Notes notes;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(paramLabel = "JOB", description = "The job's id.")
  String job;

  @Option(
      names = "--volume",
      paramLabel = "VOLUME[:/PATH[:OPTION,...]]",
      description = {
        "May be given several times. Options: ro, rw, exclusive (default), shared,",
        "shared-read-only or shared-ro. Needed unless there is --rootfs."
      })
  List<Mount> mounts = List.of();

  @ArgGroup JobLife life;

  @Override
  public Integer call() throws IOException {
    if (mounts.isEmpty() && !filesystem.areGiven()) {
      throw wrong("Missing required option: '--volume=VOLUME' (or '--rootfs')");
    }
    if (filesystem.areGiven() && !filesystem.hasRoot()) {
      throw wrong("sizes and --user are those of a root file system; they need --rootfs");
    }
    try (Daemon daemon = connection.open()) {
      Prepared prepared = filesystem.hasRoot() ? filesystem(daemon) : volumes(daemon);
      output.print(prepared::document, prepared::lines);
    }
    return Exit.DONE;
  }

  private Prepared volumes(Daemon daemon) {
    PrepareVolumesRequest request =
        PrepareVolumesRequest.newBuilder()
            .setJobId(job)
            .addAllVolumes(mounts.stream().map(Mount::message).toList())
            .setLiveness(JobLife.message(life))
            .setRequestId(requestId.next())
            .build();
    PrepareVolumesResponse answer = daemon.volumes(stub -> stub.prepareVolumes(request));
    return new Prepared(job, answer.getJobDirectory(), answer.getAttachmentsList());
  }

  private Prepared filesystem(Daemon daemon) {
    PrepareFilesystemRequest request =
        PrepareFilesystemRequest.newBuilder()
            .setJobId(job)
            .setFilesystem(filesystem.message())
            .addAllVolumes(mounts.stream().map(Mount::message).toList())
            .setLiveness(JobLife.message(life))
            .setRequestId(requestId.next())
            .build();
    Job made = daemon.jobs(stub -> stub.prepareFilesystem(request)).getJob();
    notes.warnings(made);
    return new Prepared(job, made.getDirectory(), made.getAttachmentsList());
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
