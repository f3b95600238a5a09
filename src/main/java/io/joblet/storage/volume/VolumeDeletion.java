package io.joblet.storage.volume;

import io.joblet.storage.access.Reference;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.Pin;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.CurrentNode;
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
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.hibernate.exception.ConstraintViolationException;

/**
 * Deletes a volume: out of the way at once, into the trash, destroyed later. What cannot be had
 * back anyway, a memory volume or one that is lost, is purged without a stop in the trash.
 */
@ApplicationScoped
public class VolumeDeletion {
  private final VolumeStore volumes;
  private final AttachmentStore attachments;
  private final VolumeLocks locks;
  private final Providers providers;
  private final MovedData data;
  private final VolumePurge purge;
  private final StrayData stray;
  private final Promises promises;
  private final Host kernel;
  private final HostWork host;
  private final Operations operations;
  private final Transactions transactions;
  private final RoundTrips database;
  private final CurrentNode node;
  private final Duration retention;

  VolumeDeletion(
      VolumeStore volumes,
      AttachmentStore attachments,
      VolumeLocks locks,
      Providers providers,
      MovedData data,
      VolumePurge purge,
      StrayData stray,
      Promises promises,
      Host kernel,
      HostWork host,
      Operations operations,
      Transactions transactions,
      RoundTrips database,
      CurrentNode node,
      StorageConfig config) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.locks = locks;
    this.providers = providers;
    this.data = data;
    this.purge = purge;
    this.stray = stray;
    this.promises = promises;
    this.kernel = kernel;
    this.host = host;
    this.operations = operations;
    this.transactions = transactions;
    this.database = database;
    this.node = node;
    this.retention = config.trash().retention();
  }

  /**
   * Deletes the volume, unless somebody holds or uses it.
   *
   * @param idOrName what is in the trash already is only meant by its id, and only without {@code
   *     toTrash}
   * @param toTrash false destroys it at once, also what is in the trash
   * @param reason for people, e.g. {@code deleted by uid:0}
   * @return the volume in the trash, or empty when it is gone
   * @throws Problem.InTheWay naming the job that holds it, the process that uses it, or its
   *     protection
   */
  public Optional<VolumeView> delete(
      String idOrName,
      boolean toTrash,
      String reason,
      Caller caller,
      Reply<Optional<VolumeView>> reply) {
    Volume found = find(Reference.of(caller.identity(), idOrName), toTrash);
    try (Held held = locks.lock(found.id)) {
      stray.refuseToDelete(found);
      if (!toTrash && found.state().deleted() && purge.purgeHeld(found.id, caller, reply)) {
        return Optional.empty();
      }
      refuseWhileUsed(found, caller);
      boolean keep = toTrash && !retention.isZero();
      Volume intent = begin(found, keep, reason, caller, reply);
      if (intent.state() == VolumeState.PURGING) {
        purge.finish(intent, caller, reply);
        return Optional.empty();
      }
      // Of one that is to be destroyed the rest is certain: the trash is swept.
      Volume trashed = finish(intent, caller, keep ? reply : promises.of(intent.id));
      if (keep) {
        return Optional.of(new VolumeView(trashed, List.of()));
      }
      purge.purgeHeld(trashed.id, caller, reply);
      return Optional.empty();
    }
  }

  /**
   * Destroys a memory volume for a sweep, as that has seen it.
   *
   * @throws Problem.Conflict when anything about it has changed since, such as its use
   */
  public void sweep(Volume seen, String reason) {
    Caller daemon = Caller.daemon(seen.owner);
    try (Held held = locks.lock(seen.id)) {
      refuseWhileUsed(seen, daemon);
      purge.finish(write(seen, false, reason, daemon, Reply.none()), daemon, Reply.none());
    }
  }

  /**
   * Moves the data of a volume that is DELETING; the caller holds it. What the host refuses is
   * taken back, unless the name has been given away since: then it stays DELETING and is finished
   * later. What has no data that could be moved is LOST afterwards, or gone where its name is.
   */
  public Volume finish(Volume intent, Caller caller, Reply<Optional<VolumeView>> reply) {
    HostPlan plan = providers.of(intent).trash(intent);
    Deed deed = host.apply("delete", plan);
    Changes changes = recorded(deed, intent, caller);
    boolean lost = deed.failure().isPresent() && data.isGone(plan);
    if (lost || (deed.nothingLeft() && !data.isMoved(plan))) {
      restore(intent);
      if (lost) {
        intent.become(VolumeState.LOST);
        intent.reason = "its data is missing";
      }
      VolumeRows.writeState(changes, intent);
      promises.broken(changes, intent.id);
      try {
        database.commit(changes);
      } catch (ConstraintViolationException e) {
        if (!VolumeStore.nameIsTaken(e)) {
          throw e;
        }
        database.commit(recorded(deed, intent, caller));
        if (lost && !stray.isElsewhere(intent)) {
          purgeNameless(intent, caller);
        }
        lost = false;
      }
    } else {
      if (deed.failure().isEmpty()) {
        intent.become(VolumeState.TRASHED);
        VolumeRows.writeState(changes, intent);
        reply.add(changes, Optional.of(new VolumeView(intent, List.of())));
      }
      database.commit(changes);
    }
    if (lost) {
      throw MovedData.lost(intent, "on this host");
    }
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
    return intent;
  }

  /** It cannot be LOST, since its name has been given away, and nothing of it is there. */
  private void purgeNameless(Volume intent, Caller caller) {
    Volume doomed =
        transactions.call(() -> {
          Volume volume = volumes.reload(intent.id).orElseThrow();
          volume.become(VolumeState.PURGING);
          return volume;
        });
    purge.finish(doomed, caller, Reply.none());
  }

  private Changes recorded(Deed deed, Volume intent, Caller caller) {
    Changes changes = new Changes();
    operations.add(changes, deed, intent.subject(null), caller);
    return changes;
  }

  /** A name that is only in the trash may be meant, but what cannot be had back is not guessed. */
  private Volume find(Reference which, boolean toTrash) {
    Optional<Volume> found = volumes.look(which);
    return found.orElseGet(() ->
        transactions.call(() -> {
          List<Volume> trashed = toTrash ? List.of() : volumes.trashed(which);
          if (trashed.isEmpty()) {
            return volumes.require(which);
          }
          throw new Problem.InTheWay(
              "STATE",
              "volume/" + which.excerpt(),
              "volume '"
                  + which.excerpt()
                  + "' is in the trash; purge it by its id: "
                  + String.join(", ", trashed.stream().map(v -> v.id.toString()).toList()));
        }));
  }

  /**
   * What was found before the volume was locked is most often still so: its version tells. A
   * refusal is decided on what is there now.
   */
  private Volume begin(
      Volume found, boolean keep, String reason, Caller caller, Reply<Optional<VolumeView>> reply) {
    Instant lastUsed = found.lastUsedAt;
    if (deletable(found)) {
      try {
        return write(found, keep, reason, caller, reply);
      } catch (Problem.Conflict | ConstraintViolationException over) {
        return write(now(found, lastUsed, caller), keep, reason, caller, reply);
      }
    }
    return write(now(found, lastUsed, caller), keep, reason, caller, reply);
  }

  private static boolean deletable(Volume found) {
    return !found.isProtected
        && found.heldAs == null
        && !found.state().deleted()
        && !found.state().transitional();
  }

  private Volume now(Volume found, Instant lastUsed, Caller caller) {
    Volume current =
        transactions.call(() -> {
          Volume volume =
              volumes
                  .reload(found.id)
                  .orElseThrow(() -> new Problem.NotFound("volume", found.name));
          refuseUnlessDeletable(volume, caller);
          if (!Objects.equals(volume.lastUsedAt, lastUsed)) {
            throw new Problem.Conflict("the volume was used at the same time; try again", null);
          }
          return volume;
        });
    // It may have been found to be lost since it was looked at.
    stray.refuseToDelete(current);
    return current;
  }

  private Volume write(
      Volume volume,
      boolean keep,
      String reason,
      Caller caller,
      Reply<Optional<VolumeView>> reply) {
    volume.become(
        volume.type == VolumeType.MEMORY || volume.state() == VolumeState.LOST
            ? VolumeState.PURGING
            : VolumeState.DELETING);
    Retention.begin(volume, keep ? retention : Duration.ZERO);
    volume.deletedBy = caller.principal();
    volume.reason = reason;
    Changes changes = new Changes();
    VolumeRows.writeState(changes, volume);
    if (keep && volume.state() == VolumeState.DELETING) {
      Optional<VolumeView> trashed = Optional.of(new VolumeView(volume, List.of()));
      volume.foresee(VolumeState.TRASHED, () -> reply.promise(changes, volume.id, () -> trashed));
    } else {
      reply.promise(changes, volume.id, Optional::empty);
    }
    database.commit(changes);
    return volume;
  }

  private void refuseUnlessDeletable(Volume volume, Caller caller) {
    if (volume.isProtected) {
      throw new Problem.InTheWay(
          "PROTECTION",
          "volume/" + volume.name,
          "volume '" + volume.name + "' is protected; take the protection back first");
    }
    if (volume.state().deleted()) {
      throw new Problem.InTheWay(
          "STATE",
          "volume/" + volume.name,
          "volume '" + volume.name + "' has been deleted already");
    }
    List<Attachment> holders = attachments.holding(volume);
    if (!holders.isEmpty()) {
      throw HeldBy.problem(caller.identity(), volume, holders, "it cannot be deleted");
    }
    volume.refuseUnfinished();
    if (volume.state().transitional()) {
      throw new Problem.Conflict(
          "volume '" + volume.name + "' is " + volume.state() + "; try again", null);
    }
  }

  private void refuseWhileUsed(Volume volume, Caller caller) {
    // A row older than this daemon can be of an older database, which knows of no use since.
    if (volume.lastUsedAt == null && !volume.createdAt.isBefore(node.startedAt())) {
      return;
    }
    List<Pin> pins = host.ask(() -> kernel.pinnedBy(Layout.volume(volume.id)));
    if (!pins.isEmpty()) {
      // That a job holds it says more than which process of the job's does.
      now(volume, volume.lastUsedAt, caller);
      throw new Problem.InTheWay(
          "PROCESS",
          "pid/" + pins.getFirst().pid(),
          "volume '" + volume.name + "' is in use by " + pins);
    }
  }

  private static void restore(Volume volume) {
    volume.become(VolumeState.AVAILABLE);
    volume.deletedAt = null;
    volume.purgeAfter = null;
    volume.deletedBy = null;
    volume.reason = "";
  }
}
