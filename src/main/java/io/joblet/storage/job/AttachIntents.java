package io.joblet.storage.job;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host.ProcessIdentity;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.AccessMode;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentRows;
import io.joblet.storage.volume.AttachmentStore;
import io.joblet.storage.volume.HeldBy;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeRows;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import io.joblet.storage.volume.VolumeView;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.id.uuid.UuidVersion7Strategy;

/** The rows of attaching, before and after the host. */
@ApplicationScoped
class AttachIntents {
  private final VolumeStore volumes;
  private final AttachmentStore attachments;
  private final JobStore jobStore;
  private final Jobs jobs;
  private final Operations operations;
  private final RoundTrips database;
  private final CurrentNode node;
  private final StorageConfig.Limits limits;

  AttachIntents(
      VolumeStore volumes,
      AttachmentStore attachments,
      JobStore jobStore,
      Jobs jobs,
      Operations operations,
      RoundTrips database,
      CurrentNode node,
      StorageConfig config) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.jobStore = jobStore;
    this.jobs = jobs;
    this.operations = operations;
    this.database = database;
    this.node = node;
    this.limits = config.limits();
  }

  /**
   * A new attachment.
   *
   * @param alone if its volume has no other
   * @param formerUse when the volume was used before
   */
  record Fresh(Volume volume, Attachment attachment, boolean alone, Instant formerUse) {}

  /**
   * What was written down.
   *
   * @param all everything asked for, in that order, those that were there before included
   * @param volumes of each of those
   */
  record Begun(
      Job job, boolean newJob, List<Fresh> fresh, List<Attachment> all, List<VolumeView> volumes) {}

  /** Who wants what; each volume is one of those in the {@link Holdings}. */
  record Wanted(
      JobName job,
      List<WantedMount> mounts,
      Liveness liveness,
      Optional<ProcessIdentity> process,
      Caller caller) {}

  /**
   * Writes the intents down, if what was seen is still so; the versions of the rows tell.
   *
   * @throws Problem.Conflict if it is not
   */
  Begun begin(Holdings seen, Wanted wanted) {
    Begun begun = decide(seen, wanted);
    if (!begun.fresh().isEmpty()) {
      database.commit(intents(begun));
    }
    return begun;
  }

  /** {@link #begin}, with nothing written yet. */
  Begun decide(Holdings seen, Wanted wanted) {
    Optional<Job> live = seen.job().map(Jobs::usable);
    Job job =
        live.orElseGet(
            () -> jobs.fresh(wanted.job(), wanted.liveness(), wanted.process(), wanted.caller()));
    Map<UUID, List<Attachment>> holders = new HashMap<>();
    List<Attachment> ofJob = new ArrayList<>(seen.ofJob(job.id));
    List<Fresh> fresh = new ArrayList<>();
    List<Attachment> all = new ArrayList<>();
    for (int i = 0; i < wanted.mounts().size(); i++) {
      WantedMount mount = wanted.mounts().get(i);
      Volume volume = seen.require(mount.volume());
      List<Attachment> ofVolume =
          holders.computeIfAbsent(volume.id, id -> new ArrayList<>(seen.ofVolume(id)));
      requireAttachable(volume);
      refuseToWrite(seen, volume, mount);
      Attachment intent = intent(job, volume, mount);
      intent.ioLimits = seen.limits();
      Optional<Attachment> same = ofJob.stream().filter(a -> same(a, intent)).findFirst();
      if (same.isPresent()) {
        all.add(same.get());
        continue;
      }
      refuseOverlapWithin(fresh, intent, i);
      refuseOverlap(job, ofJob, intent);
      refuseOtherHolders(wanted.caller(), volume, ofVolume, intent);
      fresh.add(new Fresh(volume, intent, ofVolume.isEmpty(), volume.lastUsedAt));
      volume.heldAs = intent.accessMode;
      ofVolume.add(intent);
      ofJob.add(intent);
      all.add(intent);
    }
    refuseTooMany(ofJob, fresh, seen.total());
    List<VolumeView> views =
        all.stream()
            .map(a -> new VolumeView(seen.volumes().get(a.volumeId), holders.get(a.volumeId)))
            .toList();
    return new Begun(job, live.isEmpty(), fresh, all, views);
  }

  /**
   * The volume is written also where it is held already: its version makes a deletion at the same
   * time fail.
   */
  Changes intents(Begun begun) {
    Changes changes = new Changes();
    if (begun.newJob()) {
      JobRows.insert(changes, begun.job());
    }
    Set<UUID> written = new HashSet<>();
    for (Fresh f : begun.fresh()) {
      f.volume().lastUsedAt = f.attachment().createdAt;
      if (written.add(f.volume().id)) {
        VolumeRows.writeUse(changes, f.volume());
      }
      AttachmentRows.insert(changes, f.attachment());
    }
    return changes;
  }

  Attaching.Attached complete(
      Begun begun, Deed deed, Caller caller, Reply<Attaching.Attached> reply) {
    Changes changes = outcome(begun, deed, caller);
    Attaching.Attached attached = new Attaching.Attached(begun.job(), begun.all(), begun.volumes());
    reply.add(changes, attached);
    database.commit(changes);
    return attached;
  }

  /** That all of it is attached. */
  Changes outcome(Begun begun, Deed deed, Caller caller) {
    Instant now = Instant.now();
    Changes changes = new Changes();
    for (Fresh f : begun.fresh()) {
      f.attachment().state = Attachment.State.ATTACHED;
      f.attachment().attachedAt = now;
      AttachmentRows.write(changes, f.attachment());
    }
    operations.add(changes, deed, subject(begun, caller), caller);
    return changes;
  }

  /**
   * Rows go when nothing is left on the host; else they stay for the settle sweep. Within a
   * transaction.
   */
  void takeBack(Begun begun, Deed deed, Caller caller) {
    operations.record(deed, subject(begun, caller), caller);
    if (!deed.nothingLeft()) {
      return;
    }
    begun.fresh().forEach(f -> attachments.deleteById(f.attachment().id));
    // Hibernate would update the volumes first, which the foreign key does not let it.
    attachments.flush();
    // Backwards: of a volume that is there twice, the first knows what was before.
    for (Fresh f : begun.fresh().reversed()) {
      Volume volume = volumes.findById(f.volume().id);
      volume.lastUsedAt = f.formerUse();
      if (f.alone()) {
        volume.heldAs = null;
      }
    }
    if (begun.newJob()) {
      jobStore.deleteById(begun.job().id);
    }
  }

  private static Operations.Subject subject(Begun begun, Caller caller) {
    return begun.fresh().size() == 1
        ? begun.fresh().getFirst().volume().subject(begun.job().name)
        : new Operations.Subject(null, null, caller.owner(), begun.job().name);
  }

  private static void requireAttachable(Volume volume) {
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
  }

  private static void refuseToWrite(Holdings seen, Volume volume, WantedMount mount) {
    if (seen.readOnly().contains(volume.id) && !mount.readOnly()) {
      throw new Problem.InTheWay(
          "SHARE",
          "volume/" + volume.owner + "/" + volume.name,
          "volume '"
              + volume.owner
              + "/"
              + volume.name
              + "' is shared read-only; attach it read-only");
    }
  }

  private static void refuseOtherHolders(
      Caller caller, Volume volume, List<Attachment> holders, Attachment intent) {
    if (!holders.isEmpty()
        && (volume.heldAs != intent.accessMode || volume.heldAs == AccessMode.EXCLUSIVE)) {
      throw HeldBy.problem(
          caller.identity(),
          volume,
          holders,
          "it is held as "
              + volume.heldAs
              + " and cannot be attached as "
              + intent.accessMode
              + " too");
    }
  }

  private Attachment intent(Job job, Volume volume, WantedMount wanted) {
    Attachment intent = new Attachment();
    intent.id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
    intent.nodeId = node.id();
    intent.volumeId = volume.id;
    intent.jobId = job.id;
    intent.jobName = job.name;
    intent.jobOwner = job.owner;
    intent.jobDirectory = job.directory;
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

  private void refuseTooMany(List<Attachment> ofJob, List<Fresh> fresh, long before) {
    if (fresh.isEmpty()) {
      return;
    }
    if (ofJob.size() > limits.mountsPerJob()) {
      throw new Problem.Exhausted(
          "joblet.limits.mounts-per-job",
          "a job can have at most " + limits.mountsPerJob() + " volumes attached");
    }
    if (before + fresh.size() > limits.mounts()) {
      throw new Problem.Exhausted(
          "joblet.limits.mounts",
          "this host can have at most " + limits.mounts() + " volumes attached");
    }
  }
}
