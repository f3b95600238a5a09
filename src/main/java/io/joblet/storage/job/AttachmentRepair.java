package io.joblet.storage.job;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations.Subject;
import io.joblet.storage.journal.Repairs;
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
  private final JobFilesystemStore filesystems;
  private final Host kernel;
  private final HostWork host;
  private final Repairs repairs;
  private final Transactions transactions;

  AttachmentRepair(
      AttachmentStore attachments,
      VolumeStore volumes,
      VolumeLocks volumeLocks,
      JobLocks jobLocks,
      Providers providers,
      AttachPlans plans,
      JobFilesystemStore filesystems,
      Host kernel,
      HostWork host,
      Repairs repairs,
      Transactions transactions) {
    this.attachments = attachments;
    this.volumes = volumes;
    this.volumeLocks = volumeLocks;
    this.jobLocks = jobLocks;
    this.providers = providers;
    this.plans = plans;
    this.filesystems = filesystems;
    this.kernel = kernel;
    this.host = host;
    this.repairs = repairs;
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
    try (Held job = jobLocks.lockHolder(found.get());
        Held held = volumeLocks.lock(found.get().volumeId)) {
      transactions
          .call(() -> attachments.findByIdOptional(attachmentId))
          .filter(a -> a.state == Attachment.State.ATTACHED)
          .ifPresent(this::apply);
    }
  }

  /** What is mounted before the job's root would be hidden by it. */
  private void requireRoot(Attachment attachment) {
    boolean rooted =
        transactions.call(() -> filesystems.findByIdOptional(attachment.jobId)).isPresent();
    if (rooted
        && host.ask(() -> kernel.mountedSpace(Layout.job(attachment.jobDirectory))).isEmpty()) {
      throw new Problem.InTheWay(
          "ROOT",
          "job/" + attachment.jobName,
          "the root of job '" + attachment.jobName + "' is not mounted; its volumes come after it");
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
    requireRoot(attachment);
    Subject subject = volume.subject(attachment.jobName);
    // Others may use the stage, and what is in memory is gone with it.
    repairs.repeat("repair-attachment", providers.of(volume).stage(volume), subject);
    repairs.apply("repair-attachment", plans.plan(volume, attachment, false), subject);
  }
}
