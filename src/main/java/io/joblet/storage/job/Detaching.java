package io.joblet.storage.job;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Pin;
import io.joblet.storage.host.StepRecord;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentStore;
import io.joblet.storage.volume.HeldBy;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeStore;
import io.joblet.storage.volume.VolumeView;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Takes a volume away from a job, unless a process still uses it there. */
@ApplicationScoped
public class Detaching {
  private final VolumeStore volumes;
  private final AttachmentStore attachments;
  private final JobStore jobs;
  private final AttachmentHistory history;
  private final VolumeLocks volumeLocks;
  private final JobLocks jobLocks;
  private final AttachPlans plans;
  private final Host kernel;
  private final HostWork host;
  private final Operations operations;
  private final Transactions transactions;

  Detaching(
      VolumeStore volumes,
      AttachmentStore attachments,
      JobStore jobs,
      AttachmentHistory history,
      VolumeLocks volumeLocks,
      JobLocks jobLocks,
      AttachPlans plans,
      Host kernel,
      HostWork host,
      Operations operations,
      Transactions transactions) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.jobs = jobs;
    this.history = history;
    this.volumeLocks = volumeLocks;
    this.jobLocks = jobLocks;
    this.plans = plans;
    this.kernel = kernel;
    this.host = host;
    this.operations = operations;
    this.transactions = transactions;
  }

  /**
   * Detaches one attachment of the volume.
   *
   * @param jobName empty if only one job holds it
   * @param path empty if the job holds it at one place
   * @throws Problem.NotFound when it is not attached so
   * @throws Problem.InTheWay naming a process that uses it
   */
  public VolumeView detach(
      String volume,
      Optional<JobName> jobName,
      Optional<MountPath> path,
      Caller caller,
      Reply<VolumeView> reply) {
    Attachment found = transactions.call(() -> find(volume, jobName, path, caller));
    try (Held job = jobLocks.lock(found.jobName)) {
      return detachHeld(found, "detached by " + caller.principal(), caller, reply)
          .orElseThrow(() -> new Problem.NotFound("attachment of volume", volume));
    }
  }

  /**
   * Detaches one attachment, whatever state it is in; the caller holds the job. Empty if it is
   * gone.
   *
   * @param known the row as some earlier transaction read it; it is read again
   */
  Optional<VolumeView> detachHeld(
      Attachment known, String reason, Caller caller, Reply<VolumeView> reply) {
    try (Held held = volumeLocks.lock(known.volumeId)) {
      Optional<Intent> begun = transactions.call(() -> begin(known.id, reason));
      if (begun.isEmpty()) {
        return Optional.empty();
      }
      Intent intent = begun.get();
      refuseWhileShownElsewhere(intent);
      HostPlan plan = plans.plan(intent.volume(), intent.attachment(), intent.alone());
      Deed deed = host.undo("detach", plan);
      VolumeView view = transactions.call(() -> finish(intent, deed, caller, reply));
      deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
      return Optional.of(view);
    }
  }

  private record Intent(
      Attachment attachment, Volume volume, boolean alone, Attachment.State former) {}

  private Optional<Intent> begin(UUID attachmentId, String reason) {
    Attachment attachment = attachments.findById(attachmentId);
    if (attachment == null) {
      return Optional.empty();
    }
    Volume volume = volumes.findById(attachment.volumeId);
    Attachment.State former = attachment.state;
    if (former == Attachment.State.ATTACHED) {
      attachment.state = Attachment.State.DETACHING;
      attachment.reason = reason;
      attachments.flush();
    }
    boolean alone = attachments.ofVolume(volume.id).size() == 1;
    return Optional.of(new Intent(attachment, volume, alone, former));
  }

  /**
   * A mount namespace of its own keeps showing the volume after we unmount ours. Who uses it in
   * ours needs no question: the kernel refuses to unmount it, and the refusal names them.
   */
  private void refuseWhileShownElsewhere(Intent intent) {
    List<Pin> pins = host.ask(() -> kernel.shownElsewhere(AttachPlans.target(intent.attachment())));
    if (pins.isEmpty()) {
      return;
    }
    transactions.run(() -> restore(intent, "in use by " + pins));
    throw new Problem.InTheWay(
        "PROCESS",
        "pid/" + pins.getFirst().pid(),
        "volume '"
            + intent.volume().name
            + "' is in use in job '"
            + intent.attachment().jobName
            + "' by "
            + pins);
  }

  private VolumeView finish(Intent intent, Deed deed, Caller caller, Reply<VolumeView> reply) {
    Attachment attachment = intent.attachment();
    Volume volume = intent.volume();
    operations.record(deed, volume.subject(attachment.jobName), caller);
    if (deed.failure().isPresent()) {
      if (nothingWasUndone(deed)) {
        restore(intent, deed.failure().get().getMessage());
      }
      return attachments.view(volume);
    }
    Instant now = Instant.now();
    if (attachment.attachedAt != null) {
      history.remember(attachment, volume, now);
      volume.lastUsedAt = now;
    }
    attachments.remove(attachment);
    jobs.endIfIdle(attachment.jobId, now);
    if (intent.alone()) {
      volume.heldAs = null;
    }
    volumes.write(volume);
    VolumeView view = attachments.view(volume);
    reply.record(view);
    return view;
  }

  private void restore(Intent intent, String why) {
    Attachment attachment = attachments.findById(intent.attachment().id);
    if (intent.former() == Attachment.State.ATTACHED) {
      attachment.state = Attachment.State.ATTACHED;
      attachment.reason = "";
    } else {
      attachment.reason = why;
    }
  }

  private static boolean nothingWasUndone(Deed deed) {
    return deed.steps().getFirst().outcome() == StepRecord.Outcome.UNDO_FAILED;
  }

  private Attachment find(
      String idOrName, Optional<JobName> jobName, Optional<MountPath> path, Caller caller) {
    Volume volume = volumes.require(caller.owner(), idOrName);
    List<Attachment> candidates =
        attachments.ofVolume(volume.id).stream()
            .filter(a -> jobName.isEmpty() || a.jobName.equals(jobName.get().text()))
            .filter(a -> path.isEmpty() || a.mountPath.equals(path.get().text()))
            .toList();
    if (candidates.isEmpty()) {
      throw new Problem.NotFound(
          "attachment of volume",
          volume.name
              + jobName.map(j -> " to job " + j.text()).orElse("")
              + path.map(p -> " at " + p.text()).orElse(""));
    }
    if (candidates.size() > 1) {
      throw HeldBy.problem(volume, candidates, "say which job and mount path is meant");
    }
    return candidates.getFirst();
  }
}
