package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.volume.ClaimRecount;
import io.joblet.storage.volume.QgroupNumbers;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Makes host and rows agree before anybody is served. What cannot be put right is logged and does
 * not keep the daemon from starting: the other volumes are wanted.
 */
@ApplicationScoped
public class Startup {
  private static final Logger LOG = Logger.getLogger(Startup.class);

  private final NodeTakeover takeover;
  private final Settling settling;
  private final OrphanSweep orphans;
  private final Doctor doctor;
  private final ClaimRecount claims;
  private final QgroupNumbers qgroups;
  private final Transactions transactions;
  private final Host kernel;
  private final HostWork host;
  private volatile boolean done;

  Startup(
      NodeTakeover takeover,
      Settling settling,
      OrphanSweep orphans,
      Doctor doctor,
      ClaimRecount claims,
      QgroupNumbers qgroups,
      Transactions transactions,
      Host kernel,
      HostWork host) {
    this.takeover = takeover;
    this.settling = settling;
    this.orphans = orphans;
    this.doctor = doctor;
    this.claims = claims;
    this.qgroups = qgroups;
    this.transactions = transactions;
    this.kernel = kernel;
    this.host = host;
  }

  /** Runs once, before the socket is opened. */
  public void run() {
    long start = System.nanoTime();
    takeover.take();
    claims.recountIfInDoubt();
    long highest = host.ask(() -> kernel.qgroups().stream().mapToLong(Qgroup::id).max().orElse(0));
    transactions.run(() -> qgroups.skipTo(highest));
    Settling.Outcome settled = settling.settleAll();
    orphans.releaseEndedProcesses();
    Doctor.Visit visit = doctor.examine(true);
    visit.diagnoses().stream()
        .filter(d -> !d.fixed() && d.finding().severity() != Finding.Severity.INFO)
        .forEach(d ->
            LOG.warnf(
                "%s %s: %s %s",
                d.finding().kind(), d.finding().subject(), d.finding().message(), d.error()));
    LOG.infof(
        "reconciled %d volumes and %d attachments in %d ms: %d settled, %d to settle, %d findings",
        visit.volumes(),
        visit.attachments(),
        Duration.ofNanos(System.nanoTime() - start).toMillis(),
        settled.settled().size(),
        settled.failed().size(),
        visit.diagnoses().size());
    done = true;
  }

  /** Whether host and rows have been made to agree; sweeps wait for it. */
  public boolean isDone() {
    return done;
  }
}
