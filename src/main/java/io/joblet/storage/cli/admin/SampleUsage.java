package io.joblet.storage.cli.admin;

import io.joblet.storage.cli.daemon.Connection;
import io.joblet.storage.cli.daemon.Daemon;
import io.joblet.storage.cli.output.Output;
import io.joblet.storage.cli.output.Shown;
import io.joblet.storage.cli.shell.Exit;
import io.joblet.storage.v1.SampleUsageRequest;
import io.joblet.storage.v1.SampleUsageResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rnx admin sample}. */
@Command(
    name = "sample",
    description = "Reads now how much of each volume is used; the daemon also does by itself.",
    footerHeading = "%nExamples:%n",
    footer = {"  rnx admin sample"})
final class SampleUsage implements Callable<Integer> {
  @Mixin Connection connection;
  @Mixin Output output;

  @Override
  public Integer call() throws IOException {
    try (Daemon daemon = connection.open()) {
      SampleUsageResponse sampled =
          daemon.admin(stub -> stub.sampleUsage(SampleUsageRequest.getDefaultInstance()));
      output.print(() -> document(sampled), () -> sentence(sampled));
    }
    return Exit.DONE;
  }

  private static String sentence(SampleUsageResponse sampled) {
    return "sampled "
        + sampled.getVolumes()
        + " volumes in "
        + sampled.getDurationUs() / 1000
        + " ms\n";
  }

  private static Map<String, Object> document(SampleUsageResponse sampled) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("sampled_at", Shown.time(sampled.hasSampledAt(), sampled.getSampledAt()));
    document.put("volumes", sampled.getVolumes());
    document.put("duration_us", sampled.getDurationUs());
    return document;
  }
}
