package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.cli.values.SignalName;
import io.joblet.storage.v1.SignalJobRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx job signal}. */
@Command(
    name = "signal",
    description = {
      "Sends a signal to the command of a job.",
      "It goes to all of the command's process group, KILL to everything in the job."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  rnx job signal build-17 HUP", "  rnx job signal build-17 9"})
final class SignalJob implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(index = "0", paramLabel = "JOB", description = "A name or an id.")
  String job;

  @Parameters(
      index = "1",
      paramLabel = "SIGNAL",
      description = "1 to 31, or a name with or without SIG.")
  SignalName signal;

  @Override
  public Integer call() throws IOException {
    SignalJobRequest request =
        SignalJobRequest.newBuilder().setJob(job).setSignal(signal.number()).build();
    try (Daemon daemon = connection.open()) {
      var done = daemon.jobsOnce(Duration.ZERO, stub -> stub.signalJob(request));
      assert done != null;
      output.print(this::document, () -> "sent " + signal + " to " + job + "\n");
    }
    return Exit.DONE;
  }

  private Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("job", job);
    document.put("signal", signal.number());
    return document;
  }
}
