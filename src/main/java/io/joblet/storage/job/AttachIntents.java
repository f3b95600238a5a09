package io.joblet.storage.job;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.AccessMode;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentStore;
import io.joblet.storage.volume.HeldBy;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.id.uuid.UuidVersion7Strategy;

/** The rows of attaching, before and after the host; every method runs within a transaction. */
@ApplicationScoped
class AttachIntents {
  private final VolumeStore volumes;
  private final AttachmentStore attachments;
  private final JobStore jobStore;
  private final Jobs jobs;
  private final Operations operations;
  private final CurrentNode node;
  private final StorageConfig.Limits limits;

  AttachIntents(
      VolumeStore volumes,
      AttachmentStore attachments,
      JobStore jobStore,
      Jobs jobs,
      Operations operations,
      CurrentNode node,
      StorageConfig config) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.jobStore = jobStore;
    this.jobs = jobs;
    this.operations = operations;
    this.node = node;
    this.limits = config.limits();
  }

  /** A new attachment; {@code alone} if its volume has no other. */
  record Fresh(Volume volume, Attachment attachment, boolean alone) {}

  /**
   * What was written down.
   *
   * @param all ids of everything asked for, in that order, those that were there before included
   */
  record Begun(Job job, boolean newJob, List<Fresh> fresh, List<UUID> all) {}

  Begun begin(
      JobName jobName,
      List<WantedMount> wanted,
      List<UUID> volumeIds,
      Liveness liveness,
      Optional<ProcessIdentity> process,
      Caller caller) {
    boolean newJob = jobStore.live(jobName.text()).isEmpty();
    Job job = jobs.known(jobName, liveness, process, caller);
    List<Attachment> ofJob = new ArrayList<>(attachments.ofJob(job.id));
    List<Fresh> fresh = new ArrayList<>();
    List<UUID> all = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Volume volume = attachable(volumeIds.get(i), wanted.get(i));
      Attachment intent = intent(job, volume, wanted.get(i));
      Optional<Attachment> same = ofJob.stream().filter(a -> same(a, intent)).findFirst();
      if (same.isPresent()) {
        all.add(same.get().id);
        continue;
      }
      refuseOverlapWithin(fresh, intent, i);
      refuseOverlap(job, ofJob, intent);
      fresh.add(write(volume, intent));
      ofJob.add(intent);
      all.add(intent.id);
    }
    refuseTooMany(ofJob, fresh);
    return new Begun(job, newJob, fresh, all);
  }

  Attaching.Attached complete(
      Begun begun, Deed deed, Caller caller, Reply<Attaching.Attached> reply) {
    Instant now = Instant.now();
    Map<UUID, Attachment> written = new HashMap<>();
    Map<UUID, Volume> held = new HashMap<>();
    for (Fresh f : begun.fresh()) {
      f.attachment().state = Attachment.State.ATTACHED;
      f.attachment().attachedAt = now;
      attachments.write(f.attachment());
      written.put(f.attachment().id, f.attachment());
      held.put(f.volume().id, f.volume());
    }
    for (Volume volume : held.values()) {
      volume.lastUsedAt = now;
      volumes.write(volume);
    }
    record(begun, deed, caller);
    List<Attachment> all =
        begun.all().stream().map(id -> written.computeIfAbsent(id, attachments::findById)).toList();
    Attaching.Attached attached =
        new Attaching.Attached(
            begun.job(),
            all,
            all.stream()
                .map(a -> attachments.view(held.computeIfAbsent(a.volumeId, volumes::findById)))
                .toList());
    reply.record(attached);
    return attached;
  }

  /** Rows go when nothing is left on the host; else they stay for the settle sweep. */
  void takeBack(Begun begun, Deed deed, Caller caller) {
    record(begun, deed, caller);
    if (!deed.undone()) {
      return;
    }
    begun.fresh().forEach(f -> attachments.deleteById(f.attachment().id));
    // Hibernate would update the volumes first, which the foreign key does not let it.
    attachments.flush();
    begun.fresh().stream()
        .filter(Fresh::alone)
        .forEach(f -> volumes.findById(f.volume().id).heldAs = null);
    if (begun.newJob()) {
      jobStore.deleteById(begun.job().id);
    }
  }

  private void record(Begun begun, Deed deed, Caller caller) {
    Operations.Subject subject =
        begun.fresh().size() == 1
            ? begun.fresh().getFirst().volume().subject(begun.job().name)
            : new Operations.Subject(null, null, caller.owner(), begun.job().name);
    operations.record(deed, subject, caller);
  }

  private Volume attachable(UUID volumeId, WantedMount wanted) {
    Volume volume =
        volumes.reload(volumeId).orElseThrow(() -> new Problem.NotFound("volume", wanted.volume()));
    if (volume.state() != VolumeState.AVAILABLE) {
      throw new Problem.InTheWay(
          "STATE",
          "volume/" + volume.name,
          "volume '"
              + volume.name
              + "' is "
              + volume.state()
              + (volume.reason.isEmpty() ? "" : " (" + volume.reason + ")")
              + " and cannot be attached");
    }
    return volume;
  }

  private Fresh write(Volume volume, Attachment intent) {
    List<Attachment> holders = attachments.ofVolume(volume.id);
    if (!holders.isEmpty()
        && (volume.heldAs != intent.accessMode || volume.heldAs == AccessMode.EXCLUSIVE)) {
      throw HeldBy.problem(
          volume,
          holders,
          "it is held as "
              + volume.heldAs
              + " and cannot be attached as "
              + intent.accessMode
              + " too");
    }
    // Also where it changes nothing: the version in the row makes a deletion at the same time fail.
    volume.heldAs = intent.accessMode;
    volumes.flush();
    attachments.persistAndFlush(intent);
    return new Fresh(volume, intent, holders.isEmpty());
  }

  private Attachment intent(Job job, Volume volume, WantedMount wanted) {
    Attachment intent = new Attachment();
    intent.id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
    intent.nodeId = node.id();
    intent.volumeId = volume.id;
    intent.jobId = job.id;
    intent.jobName = job.name;
    intent.mountPath =
        wanted.path().map(MountPath::text).orElseGet(() -> "/volumes/" + volume.name);
    intent.readOnly = wanted.readOnly();
    intent.accessMode = wanted.accessMode();
    intent.state = Attachment.State.ATTACHING;
    intent.createdAt = Instant.now();
    return intent;
  }

  private static boolean same(Attachment a, Attachment b) {
    return a.state == Attachment.State.ATTACHED
        && a.volumeId.equals(b.volumeId)
        && a.mountPath.equals(b.mountPath)
        && a.readOnly == b.readOnly
        && a.accessMode == b.accessMode;
  }

  /** Whoever asks for both at once can never be served. */
  private static void refuseOverlapWithin(List<Fresh> fresh, Attachment intent, int index) {
    MountPath wanted = new MountPath(intent.mountPath);
    for (Fresh f : fresh) {
      if (wanted.overlaps(new MountPath(f.attachment().mountPath))) {
        throw new Problem.Invalid(
            "volumes[" + index + "].mount_path",
            wanted.text()
                + " lies at, above or below "
                + f.attachment().mountPath
                + ", where this request wants volume '"
                + f.volume().name
                + "'");
      }
    }
  }

  private static void refuseOverlap(Job job, List<Attachment> ofJob, Attachment intent) {
    MountPath wanted = new MountPath(intent.mountPath);
    for (Attachment other : ofJob) {
      if (wanted.overlaps(new MountPath(other.mountPath))) {
        if (other.state != Attachment.State.ATTACHED) {
          throw new Problem.Conflict(
              "what lies at " + other.mountPath + " is " + other.state + "; try again", null);
        }
        throw new Problem.InTheWay(
            "MOUNT", "job/" + job.name + other.mountPath, inTheWay(job, other, intent));
      }
    }
  }

  private static String inTheWay(Job job, Attachment other, Attachment intent) {
    String has = "job '" + job.name + "' has ";
    if (other.volumeId.equals(intent.volumeId) && other.mountPath.equals(intent.mountPath)) {
      return has
          + "this volume at "
          + other.mountPath
          + " already, "
          + (other.readOnly ? "read-only" : "writable")
          + " and "
          + other.accessMode
          + "; detach it first";
    }
    return has
        + "another volume at "
        + other.mountPath
        + "; a volume cannot lie at, above or below it";
  }

  private void refuseTooMany(List<Attachment> ofJob, List<Fresh> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    if (ofJob.size() > limits.mountsPerJob()) {
      throw new Problem.Exhausted(
          "joblet.limits.mounts-per-job",
          "a job can have at most " + limits.mountsPerJob() + " volumes attached");
    }
    if (attachments.countAll() > limits.mounts()) {
      throw new Problem.Exhausted(
          "joblet.limits.mounts",
          "this host can have at most " + limits.mounts() + " volumes attached");
    }
  }
}
