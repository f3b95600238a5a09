package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.Events;
import io.joblet.storage.cli.log.Follower;
import io.joblet.storage.cli.log.Notes;
import io.joblet.storage.cli.log.OnePrinter;
import io.joblet.storage.cli.log.Printer;
import io.joblet.storage.cli.log.RawPrinter;
import io.joblet.storage.cli.log.StampedPrinter;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.shell.Surroundings;
import io.joblet.storage.cli.values.LogStream;
import io.joblet.storage.v1.Job;
import io.joblet.storage.v1.JobOutput;
import io.joblet.storage.v1.StreamLogsRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rnx job logs}. */
@Command(
    name = "logs",
    description = {
      "Prints the output of a job that is kept.",
      "What it wrote to stdout goes to stdout, and to stderr likewise, byte for byte."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  rnx job logs build-17",
      "  rnx job logs -f build-17",
      "  rnx job logs --timestamps --stream=stderr build-17"
    })
final class PrintLog implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Surroundings surroundings;

  @Mixin Connection connection;
  @Mixin Notes notes;

  @Parameters(paramLabel = "JOB", description = "A name or an id.")
  String job;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the job has ended, also when the daemon is away for a minute.")
  boolean follow;

  @Option(
      names = {"-t", "--timestamps"},
      description = "Put the time before each line, RFC 3339 in UTC.")
  boolean timestamps;

  @Option(
      names = "--stream",
      paramLabel = "STREAM",
      description = "Only what came from one of ${COMPLETION-CANDIDATES}; default both.")
  LogStream stream = LogStream.BOTH;

  PrintLog(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    StreamLogsRequest request =
        StreamLogsRequest.newBuilder().setJob(job).setFollow(follow).build();
    try (Daemon daemon = connection.open()) {
      Events<JobOutput> events =
          daemon.output((stub, observer) -> stub.streamLogs(request, observer));
      Duration patience = follow ? PATIENCE : Duration.ZERO;
      Job last = new Follower(daemon, printer(), notes, patience).follow(events, begun -> {});
      assert last != null;
    }
    return Exit.DONE;
  }

  private Printer printer() {
    Printer raw = new RawPrinter(surroundings);
    Printer printer = timestamps ? new StampedPrinter(raw) : raw;
    return switch (stream) {
      case STDOUT -> new OnePrinter(printer, false);
      case STDERR -> new OnePrinter(printer, true);
      case BOTH -> printer;
    };
  }
}
