package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.job.OutputRetention;
import io.joblet.storage.reconcile.Finding.Severity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Output of jobs that no row knows. It may be what somebody looks for after the database was lost,
 * so it is never deleted; and one finding is for all of it, since that would be many.
 */
@ApplicationScoped
class OutputCheck implements Check {
  private final Host kernel;
  private final OutputRetention outputs;

  OutputCheck(Host kernel, OutputRetention outputs) {
    this.kernel = kernel;
    this.outputs = outputs;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    List<UUID> unexplained = outputs.unexplained();
    if (!unexplained.isEmpty()) {
      findings.accept(
          Finding.of(
              Severity.INFO,
              "unknown-output",
              kernel.display(Layout.run(unexplained.getFirst())),
              "no row knows the job whose output this is"
                  + (unexplained.size() > 1
                      ? ", nor those of " + (unexplained.size() - 1) + " more beside it"
                      : "")
                  + "; remove what nobody wants"));
    }
  }
}
