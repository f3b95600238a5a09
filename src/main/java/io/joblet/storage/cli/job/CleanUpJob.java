package io.joblet.storage.cli.job;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.daemon.RequestId;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.v1.CleanupVolumesRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rnx job cleanup}. */
@Command(
    name = "cleanup",
    description = {
      "Detaches everything a job has and ends the job. Volumes stay.",
      "Refused while a process uses one of them; the error names the process."
    },
    footerHeading = "%nExamples:%n",
    footer = "  rnx job cleanup build-17")
final class CleanUpJob implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Mixin(name = RequestId.MIXIN)
  RequestId requestId;

  @Parameters(paramLabel = "JOB", description = "A name or an id.")
  String job;

  @Override
  public Integer call() throws IOException {
    CleanupVolumesRequest request =
        CleanupVolumesRequest.newBuilder().setJobId(job).setRequestId(requestId.next()).build();
    try (Daemon daemon = connection.open()) {
      int detached = daemon.volumes(stub -> stub.cleanupVolumes(request)).getDetached();
      output.print(
          () -> document(detached), () -> "cleaned up " + job + "; detached " + detached + "\n");
    }
    return Exit.DONE;
  }

  private Map<String, Object> document(int detached) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("job_id", job);
    document.put("detached", detached);
    return document;
  }
}
