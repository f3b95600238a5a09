package io.joblet.storage.reconcile;

import io.joblet.storage.host.HostOperation.SwitchQuotasOn;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.journal.Operations.Subject;
import io.joblet.storage.journal.Repairs;
import io.joblet.storage.reconcile.Finding.Severity;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Consumer;

/**
 * Quotas that somebody has switched off or exchanged for plain ones: no limit holds then, and none
 * can be set. It comes before {@link LimitCheck}, which sets what is lost with them.
 */
@ApplicationScoped
@Priority(QuotaCheck.BEFORE_LIMITS)
class QuotaCheck implements Check {
  /** Higher comes first, and a check without a priority has 0. */
  static final int BEFORE_LIMITS = 1;

  private static final String KIND = "quotas-off";
  private static final String POOL = "pool";

  private final Repairs repairs;

  QuotaCheck(Repairs repairs) {
    this.repairs = repairs;
  }

  @Override
  public void inspect(RowInventory rows, HostInventory onHost, Consumer<Finding> findings) {
    switch (onHost.quotas()) {
      case ON -> {}
      case OFF ->
          findings.accept(
              Finding.of(
                      Severity.ERROR,
                      KIND,
                      POOL,
                      "the simple quotas of the pool are off, so that no volume has a limit")
                  .withRemedy("switch them on", this::switchOn));
      case PLAIN ->
          findings.accept(
              Finding.of(
                  Severity.ERROR,
                  KIND,
                  POOL,
                  "the pool has plain quota groups switched on, which do not hold a limit; switch them"
                      + " off with 'btrfs quota disable', and then this switches simple ones on"));
    }
  }

  private void switchOn() {
    repairs.apply("switch-quotas-on", HostPlan.of(new SwitchQuotasOn()), Subject.unknown(null));
  }
}
