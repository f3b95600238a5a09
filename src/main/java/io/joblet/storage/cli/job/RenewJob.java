package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.v1.RenewLeaseRequest;
import io.joblet.storage.v1.RenewLeaseResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx job renew}. */
@Command(
    name = "renew",
    description = "Renews the lease of a job that was attached or prepared with --lease.",
    footerHeading = "%nExamples:%n",
    footer = "  rnx job renew build-17")
final class RenewJob implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Parameters(paramLabel = "JOB", description = "A name or an id.")
  String job;

  @Override
  public Integer call() throws IOException {
    RenewLeaseRequest request = RenewLeaseRequest.newBuilder().setJobId(job).build();
    try (Daemon daemon = connection.open()) {
      RenewLeaseResponse answer = daemon.volumes(stub -> stub.renewLease(request));
      output.print(
          () -> document(answer),
          () -> "renewed " + job + " until " + Shown.instant(answer.getExpiresAt()) + "\n");
    }
    return Exit.DONE;
  }

  private Map<String, Object> document(RenewLeaseResponse answer) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("job_id", job);
    document.put("expires_at", Shown.time(answer.hasExpiresAt(), answer.getExpiresAt()));
    return document;
  }
}
