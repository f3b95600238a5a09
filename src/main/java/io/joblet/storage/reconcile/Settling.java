package io.joblet.storage.reconcile;

import io.joblet.storage.job.AttachmentSettlement;
import io.joblet.storage.job.RunSettlement;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.journal.Unfinished;
import io.joblet.storage.volume.ClaimRecount;
import io.joblet.storage.volume.VolumeRecords;
import io.joblet.storage.volume.VolumeSettlement;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Ends everything that was begun and not finished: jobs that do not run first, then attachments,
 * since a volume cannot go while it is held, then volumes. One that the host refuses does not stop
 * the others.
 */
@ApplicationScoped
public class Settling implements Unfinished {
  private static final Logger LOG = Logger.getLogger(Settling.class);

  private static final List<VolumeState> TRANSITIONAL =
      Arrays.stream(VolumeState.values()).filter(VolumeState::transitional).toList();

  private final VolumeStore volumes;
  private final VolumeSettlement volumeSettlement;
  private final RunSettlement runSettlement;
  private final AttachmentSettlement attachmentSettlement;
  private final VolumeRecords records;
  private final ClaimRecount claims;
  private final Transactions transactions;

  Settling(
      VolumeStore volumes,
      VolumeSettlement volumeSettlement,
      RunSettlement runSettlement,
      AttachmentSettlement attachmentSettlement,
      VolumeRecords records,
      ClaimRecount claims,
      Transactions transactions) {
    this.volumes = volumes;
    this.volumeSettlement = volumeSettlement;
    this.runSettlement = runSettlement;
    this.attachmentSettlement = attachmentSettlement;
    this.records = records;
    this.claims = claims;
    this.transactions = transactions;
  }

  /**
   * What came of a pass, for people.
   *
   * @param settled what was done
   * @param failed what the host still refuses
   */
  public record Outcome(List<String> settled, List<String> failed) {}

  /** Settles whatever nobody works on; waits for what somebody does. */
  public Outcome settleAll() {
    Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
    runSettlement.unwatched().forEach(id -> settle(outcome, "job", id, runSettlement::settle));
    attachmentSettlement
        .unsettled()
        .forEach(id -> settle(outcome, "attachment", id, attachmentSettlement::settle));
    attachmentSettlement
        .endingJobs()
        .forEach(id -> settle(outcome, "job", id, attachmentSettlement::settleJob));
    transactions
        .call(() -> volumes.idsIn(TRANSITIONAL))
        .forEach(id -> settle(outcome, "volume", id, volumeSettlement::settle));
    records.catchUp();
    claims.recountIfInDoubt();
    return outcome;
  }

  @Override
  public void finish(UUID subject) {
    attachmentSettlement
        .settle(subject)
        .or(() -> attachmentSettlement.settleJob(subject))
        .or(() -> volumeSettlement.settle(subject))
        .ifPresent(done -> LOG.infof("settled: %s (%s), asked for again", done, subject));
  }

  private static void settle(
      Outcome outcome, String type, UUID id, Function<UUID, Optional<String>> settlement) {
    try {
      settlement
          .apply(id)
          .ifPresent(done -> {
            LOG.infof("settled: %s (%s %s)", done, type, id);
            outcome.settled().add(done);
          });
    } catch (RuntimeException e) {
      LOG.warnf("%s %s cannot be settled yet: %s", type, id, e.getMessage());
      outcome.failed().add(type + " " + id + ": " + e.getMessage());
    }
  }
}
