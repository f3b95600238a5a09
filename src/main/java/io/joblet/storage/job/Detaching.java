package io.joblet.storage.job;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Pin;
import io.joblet.storage.host.StepRecord;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Promises;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentRows;
import io.joblet.storage.volume.AttachmentStore;
import io.joblet.storage.volume.HeldBy;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeRows;
import io.joblet.storage.volume.VolumeView;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Takes a volume away from a job, unless a process still uses it there. */
@ApplicationScoped
public class Detaching {
  private final HoldingsReader holdings;
  private final AttachmentStore attachments;
  private final AttachmentHistory history;
  private final VolumeLocks volumeLocks;
  private final JobLocks jobLocks;
  private final AttachPlans plans;
  private final Host kernel;
  private final HostWork host;
  private final Operations operations;
  private final Promises promises;
  private final Transactions transactions;
  private final RoundTrips database;

  Detaching(
      HoldingsReader holdings,
      AttachmentStore attachments,
      AttachmentHistory history,
      VolumeLocks volumeLocks,
      JobLocks jobLocks,
      AttachPlans plans,
      Host kernel,
      HostWork host,
      Operations operations,
      Promises promises,
      Transactions transactions,
      RoundTrips database) {
    this.holdings = holdings;
    this.attachments = attachments;
    this.history = history;
    this.volumeLocks = volumeLocks;
    this.jobLocks = jobLocks;
    this.plans = plans;
    this.kernel = kernel;
    this.host = host;
    this.operations = operations;
    this.promises = promises;
    this.transactions = transactions;
    this.database = database;
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
    Holdings seen = holdings.ofVolume(caller, volume);
    Attachment found = find(seen, volume, jobName, path);
    try (Held job = jobLocks.lockHolder(found)) {
      Choice choice =
          new Choice(
              seen,
              () -> {
                Holdings now = holdings.ofVolume(caller, volume);
                if (!find(now, volume, jobName, path).id.equals(found.id)) {
                  throw new Problem.Conflict(
                      "volume '" + volume + "' was attached elsewhere at the same time; try again",
                      null);
                }
                return now;
              });
      return detachHeld(
              found, Optional.of(choice), "detached by " + caller.principal(), caller, reply)
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
    return detachHeld(known, Optional.empty(), reason, caller, reply);
  }

  /**
   * What was seen when somebody's words were taken to mean one attachment, and what is so now, if
   * they still mean that one.
   */
  private record Choice(Holdings seen, Supplier<Holdings> again) {}

  private Optional<VolumeView> detachHeld(
      Attachment known,
      Optional<Choice> choice,
      String reason,
      Caller caller,
      Reply<VolumeView> reply) {
    try (Held held = volumeLocks.lock(known.volumeId)) {
      Optional<Intent> begun = begin(known.id, choice, reason, caller, reply);
      if (begun.isEmpty()) {
        return Optional.empty();
      }
      Intent intent = begun.get();
      refuseWhileShownElsewhere(intent);
      HostPlan plan = plans.plan(intent.volume(), intent.attachment(), intent.alone());
      Deed deed = host.undo("detach", plan);
      if (deed.failure().isPresent()) {
        boolean stillShown = nothingWasUndone(deed) && stillShown(intent.attachment());
        transactions.run(() -> giveUp(intent, deed, stillShown, caller));
        throw HostProblems.of(deed.failure().get());
      }
      return Optional.of(finish(intent, deed, caller, reply));
    }
  }

  /**
   * @param holders of the volume, by id, the one to detach included
   */
  private record Intent(
      Attachment attachment, Volume volume, List<Attachment> holders, Attachment.State former) {

    boolean alone() {
      return holders.size() == 1;
    }

    VolumeView done() {
      return new VolumeView(volume, holders.stream().filter(a -> a != attachment).toList());
    }
  }

  /** What was seen before the volume was locked is most often still so: its version tells. */
  private Optional<Intent> begin(
      UUID id, Optional<Choice> choice, String reason, Caller caller, Reply<VolumeView> reply) {
    Attachment seen = choice.map(c -> c.seen().attachments().get(id)).orElse(null);
    if (seen != null && seen.state == Attachment.State.ATTACHED) {
      try {
        return begin(id, choice.get().seen(), reason, reply);
      } catch (Problem.Conflict over) {
        return begin(id, choice.get().again().get(), reason, reply);
      }
    }
    return begin(id, holdings.ofAttachment(caller, id), reason, reply);
  }

  private Optional<Intent> begin(UUID id, Holdings seen, String reason, Reply<VolumeView> reply) {
    Attachment attachment = seen.attachments().get(id);
    if (attachment == null) {
      return Optional.empty();
    }
    Volume volume = seen.volumes().get(attachment.volumeId);
    Attachment.State former = attachment.state;
    Intent intent = new Intent(attachment, volume, seen.ofVolume(volume.id), former);
    Changes changes = new Changes();
    if (former == Attachment.State.ATTACHED) {
      attachment.state = Attachment.State.DETACHING;
      attachment.reason = reason;
      VolumeRows.demand(changes, volume);
      AttachmentRows.write(changes, attachment);
    }
    volume.foresee(volume.state(), () -> reply.promise(changes, attachment.id, intent::done));
    if (!changes.isEmpty()) {
      database.commit(changes);
    }
    return Optional.of(intent);
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
    Instant now = Instant.now();
    Changes changes = new Changes();
    operations.add(changes, deed, volume.subject(attachment.jobName), caller);
    if (attachment.attachedAt != null) {
      history.add(changes, attachment, volume, now);
      volume.lastUsedAt = now;
    }
    AttachmentRows.delete(changes, attachment);
    JobRows.endIfIdle(changes, attachment.jobId, now);
    if (intent.alone()) {
      volume.heldAs = null;
    }
    VolumeRows.writeUse(changes, volume);
    VolumeView view = intent.done();
    reply.add(changes, view);
    if (intent.former() != Attachment.State.ATTACHED) {
      promises.<VolumeView>of(attachment.id).add(changes, view);
    }
    database.commit(changes);
    return view;
  }

  private void giveUp(Intent intent, Deed deed, boolean stillShown, Caller caller) {
    operations.record(deed, intent.volume().subject(intent.attachment().jobName), caller);
    if (stillShown) {
      restore(intent, deed.failure().get().getMessage());
    }
  }

  private void restore(Intent intent, String why) {
    Attachment attachment = attachments.findById(intent.attachment().id);
    if (intent.former() == Attachment.State.ATTACHED) {
      promises.broken(attachment.id);
      attachment.state = Attachment.State.ATTACHED;
      attachment.reason = "";
    } else {
      attachment.reason = why;
    }
  }

  private static boolean nothingWasUndone(Deed deed) {
    return deed.steps().getFirst().outcome() == StepRecord.Outcome.UNDO_FAILED;
  }

  /** The step that failed is the unmount, and it may have done so after the mount was gone. */
  private boolean stillShown(Attachment attachment) {
    try {
      return host.ask(() -> kernel.mountedSpace(AttachPlans.target(attachment))).isPresent();
    } catch (Problem unknown) {
      // Then it stays on its way out, and whoever settles it finds out.
      return false;
    }
  }

  private static Attachment find(
      Holdings seen, String idOrName, Optional<JobName> jobName, Optional<MountPath> path) {
    Volume volume = seen.require(idOrName);
    List<Attachment> candidates =
        seen.ofVolume(volume.id).stream()
            .filter(a -> a.visibleTo(seen.who()))
            .filter(a -> jobName.isEmpty() || a.jobName.equals(jobName.get().text()))
            .filter(a -> path.isEmpty() || a.mountPath.equals(path.get().text()))
            .toList();
    if (candidates.isEmpty()) {
      String where =
          jobName.map(j -> " to job '" + j.text() + "'").orElse("")
              + path.map(p -> " at '" + p.text() + "'").orElse("");
      throw new Problem.NotFound(
          "attachment of volume",
          volume.name,
          "attachment of volume '" + volume.name + "'" + where + " does not exist");
    }
    if (candidates.size() > 1) {
      throw HeldBy.problem(seen.who(), volume, candidates, "say which job and mount path is meant");
    }
    return candidates.getFirst();
  }
}
