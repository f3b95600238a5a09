package io.joblet.storage.reconcile;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.job.UnknownOutput;
import io.joblet.storage.reconcile.Finding.Severity;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Output of jobs that no row knows. The database may be the one that is wrong, so it stays as long
 * as it would with a row.
 */
@ApplicationScoped
class OutputCheck implements Check {
  private final Host kernel;
  private final UnknownOutput outputs;
  private final Duration retention;

  OutputCheck(Host kernel, UnknownOutput outputs, StorageConfig config) {
    this.kernel = kernel;
    this.outputs = outputs;
    this.retention = config.job().logRetention();
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    Instant before = Instant.now().minus(retention);
    outputs.all().forEach((id, written) -> findings.accept(finding(id, written, before)));
  }

  private Finding finding(UUID id, Instant written, Instant before) {
    Finding finding =
        Finding.of(
            Severity.INFO,
            "unknown-output",
            kernel.display(Layout.run(id)),
            "no row knows the job whose output this is; it was written last at " + written);
    return written.isBefore(before)
        ? finding.withRemedy(
            "remove it, it would be kept no longer with a row either", () -> outputs.forget(id))
        : finding;
  }
}
