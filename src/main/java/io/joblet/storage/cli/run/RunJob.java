package io.joblet.storage.cli.run;

import io.grpc.StatusRuntimeException;
import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.Failures;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.log.Notes;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.values.Bytes;
import io.joblet.storage.cli.values.Count;
import io.joblet.storage.cli.values.EnvironmentOptions;
import io.joblet.storage.cli.values.FilesystemOptions;
import io.joblet.storage.cli.values.Inside;
import io.joblet.storage.cli.values.IoOptions;
import io.joblet.storage.cli.values.Mount;
import io.joblet.storage.cli.values.Net;
import io.joblet.storage.cli.values.Span;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.RunJobRequest;
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

/** {@code rnx run}. */
@Command(
    name = "run",
    description = {
      "Runs a command in a root file system of its own, with volumes mounted.",
      "Its output comes out here, INT, TERM, HUP, USR1 and USR2 go to it, and its exit status becomes",
      "that of rnx. Options of rnx stand before the command. Where rnx goes away, the job goes on."
    },
    exitCodeOnInvalidInput = Exit.NO_STATUS,
    exitCodeOnExecutionException = Exit.NO_STATUS,
    exitCodeList = {
      "0..255:the command's; 128 and the signal's number when a signal ended it",
      "125:the command line is wrong, the daemon refused or is not there, or the end was not seen",
      "126:the command cannot be executed",
      "127:there is no such command"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx run --volume=data:/data --volume=cache:/cache:ro -- ls -l /data /cache",
      "  rnx run --rootfs=minimal --work-size=64MB --read-bps=10MB sh -c 'wc -c < /work/x'",
      "  rnx run --env-file=settings --env=HTTP_PROXY --user=1000:1000 ./build",
      "  id=$(rnx run --detach --name=build-17 sleep 600) && rnx job logs -f $id"
    })
public final class RunJob implements Callable<Integer> {
  private final Surroundings surroundings;

  private CommandSpec spec;

  @Mixin Connection connection;
  @Mixin FilesystemOptions filesystem;
  @Mixin IoOptions limits;
  @Mixin EnvironmentOptions environment;
  @Mixin Notes notes;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "1..*",
      description = {
        "The command and its arguments. Without a slash it is looked for in the job's PATH."
      })
  List<String> command;

  @Option(
      names = "--volume",
      paramLabel = "VOLUME[:/PATH[:OPTION,...]]",
      description = {
        "May be given several times; without a path it is /volumes/VOLUME. Options: ro, rw,",
        "exclusive (default), shared, shared-read-only or shared-ro."
      })
  List<Mount> mounts = List.of();

  @Option(names = "--network", paramLabel = "NET", description = "none (default) or host.")
  Net network = Net.NONE;

  @Option(
      names = {"-w", "--workdir"},
      paramLabel = "DIR",
      description = "Where the command starts; default /work.")
  Inside directory;

  @Option(
      names = "--pids-limit",
      paramLabel = "N",
      description = "Most processes and threads at the same time; default the configured one.")
  Count pids;

  @Option(
      names = "--log-size",
      paramLabel = "SIZE",
      description = "How much output is kept; the oldest goes first. Default the configured one.")
  Bytes logSize;

  @Option(
      names = "--name",
      paramLabel = "ID",
      description = "What to call it, unique among jobs that have not ended; default made up.")
  String name = "";

  @Option(
      names = {"-d", "--detach"},
      description = "Print its name and leave it running.")
  boolean detach;

  @Option(names = "--rm", description = "Forget the job and its log when it has ended.")
  boolean remove;

  @Option(
      names = "--reconnect",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "How long to wait for a daemon that goes away meanwhile; default ${DEFAULT-VALUE}.")
  Span reconnect = Span.of("60s");

  RunJob(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /** From the command on nothing is an option of ours. */
  @Spec
  void setSpec(CommandSpec spec) {
    this.spec = spec;
    spec.parser().stopAtPositional(true);
  }

  @Override
  public Integer call() throws IOException {
    if (detach && remove) {
      throw wrong("--rm has rnx wait for the end, so it does not go with --detach");
    }
    if (requestId.isChosen() && !detach) {
      throw wrong("--request-id needs --detach: output cannot come twice");
    }
    RunJobRequest request = request();
    try (Daemon daemon = connection.open()) {
      return detach
          ? begin(daemon, request)
          : new Attached(surroundings, daemon, notes, reconnect.duration()).run(request, remove);
    }
  }

  private int begin(Daemon daemon, RunJobRequest request) throws IOException {
    RunJobRequest once = request.toBuilder().setRequestId(requestId.next()).build();
    Job job;
    try {
      job = daemon.jobs(stub -> stub.runJob(once)).getJob();
    } catch (StatusRuntimeException refused) {
      new Failures(surroundings).report(refused, once.getRequestId());
      return RunStatus.of(refused);
    }
    surroundings.out().write(job.getName() + "\n");
    surroundings.out().flush();
    notes.warnings(job);
    return Exit.DONE;
  }

  private RunJobRequest request() {
    RunJobRequest.Builder request =
        RunJobRequest.newBuilder()
            .setJobId(name)
            .addAllCommand(command)
            .putAllEnvironment(environment.map(spec))
            .setFilesystem(filesystem.message())
            .addAllVolumes(mounts.stream().map(Mount::message).toList())
            .setIoLimits(limits.message())
            .setNetwork(network.message())
            .setPidsLimit(pids == null ? 0 : pids.number())
            .setLogSizeBytes(logSize == null ? 0 : logSize.number());
    if (directory != null) {
      request.setWorkingDirectory(directory.path());
    }
    return request.build();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
