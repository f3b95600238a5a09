package io.joblet.storage.reconcile;

import io.joblet.storage.access.Permission;
import io.joblet.storage.access.Serving;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.Host.Qgroup;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.ClaimRecount;
import io.joblet.storage.volume.QgroupNumbers;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Makes host and rows agree before anybody is served. What cannot be put right is logged and does
 * not keep the daemon from starting: the other volumes are wanted.
 */
@ApplicationScoped
public class Startup {
  private static final Logger LOG = Logger.getLogger(Startup.class);

  private static final String WAITING =
      "the database is new and the pool belongs to another one; nothing was changed, and nothing"
          + " else is served until rnx admin recover has brought its volumes back";
  private static final String UNFINISHED =
      "the rows of the pool's volumes are there, and host and rows do not agree yet, since the"
          + " recovery was not finished; nothing else is served until rnx admin recover --yes has"
          + " gone on with it, or the daemon is started again";

  private final NodeTakeover takeover;
  private final Settling settling;
  private final OrphanSweep orphans;
  private final Doctor doctor;
  private final ClaimRecount claims;
  private final QgroupNumbers qgroups;
  private final Transactions transactions;
  private final Host kernel;
  private final HostWork host;
  private final Serving serving;
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
      HostWork host,
      Serving serving) {
    this.serving = serving;
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
    takeover.take();
    if (takeover.isWaiting()) {
      serving.only(
          Set.of(Permission.RECOVER, Permission.GET_NODE),
          () ->
              new Problem.InTheWay(
                  "RECOVERY", "installation", takeover.isWaiting() ? WAITING : UNFINISHED));
      LOG.warn(WAITING);
    } else {
      reconcile();
    }
  }

  /** Makes host and rows agree; then everything is served. Failed, it can be called again. */
  void reconcile() {
    long start = System.nanoTime();
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
    serving.everything();
  }

  /** Whether host and rows have been made to agree; sweeps wait for it. */
  public boolean isDone() {
    return done;
  }
}
