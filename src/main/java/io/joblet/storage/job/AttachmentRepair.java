package io.joblet.storage.job;

import io.joblet.storage.host.HostPlan;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentStore;
import io.joblet.storage.volume.Providers;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Puts back the mounts of an attachment that lives on: after a reboot they are all gone. */
@ApplicationScoped
public class AttachmentRepair {
  private final AttachmentStore attachments;
  private final VolumeStore volumes;
  private final VolumeLocks volumeLocks;
  private final JobLocks jobLocks;
  private final Providers providers;
  private final AttachPlans plans;
  private final HostWork host;
  private final Operations operations;
  private final Transactions transactions;

  AttachmentRepair(
      AttachmentStore attachments,
      VolumeStore volumes,
      VolumeLocks volumeLocks,
      JobLocks jobLocks,
      Providers providers,
      AttachPlans plans,
      HostWork host,
      Operations operations,
      Transactions transactions) {
    this.attachments = attachments;
    this.volumes = volumes;
    this.volumeLocks = volumeLocks;
    this.jobLocks = jobLocks;
    this.providers = providers;
    this.plans = plans;
    this.host = host;
    this.operations = operations;
    this.transactions = transactions;
  }

  /**
   * Applies the plan of an attachment again; nothing if it has been detached meanwhile.
   *
   * @throws Problem when its volume is lost or the host refuses
   */
  public void repeat(UUID attachmentId) {
    Optional<Attachment> found =
        transactions.call(() -> attachments.findByIdOptional(attachmentId));
    if (found.isEmpty()) {
      return;
    }
    try (Held job = jobLocks.lock(found.get().jobName);
        Held held = volumeLocks.lock(found.get().volumeId)) {
      transactions
          .call(() -> attachments.findByIdOptional(attachmentId))
          .filter(a -> a.state == Attachment.State.ATTACHED)
          .ifPresent(this::apply);
    }
  }

  private void apply(Attachment attachment) {
    Volume volume = transactions.call(() -> volumes.findById(attachment.volumeId));
    if (volume.state() != VolumeState.AVAILABLE) {
      throw new Problem.InTheWay(
          "STATE",
          "volume/" + volume.name,
          "volume '" + volume.name + "' is " + volume.state() + "; its mount cannot be put back");
    }
    // Two plans: when showing it here fails, the stage that others use must not be taken down.
    apply(providers.of(volume).stage(volume), volume, attachment);
    apply(plans.plan(volume, attachment, false), volume, attachment);
  }

  private void apply(HostPlan plan, Volume volume, Attachment attachment) {
    Deed deed = host.apply("repair-attachment", plan);
    transactions.run(() ->
        operations.record(deed, volume.subject(attachment.jobName), Caller.daemon(volume.owner)));
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
  }
}
