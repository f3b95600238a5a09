package io.joblet.storage.volume;

import io.joblet.storage.access.Reference;
import io.joblet.storage.config.Size;
import io.joblet.storage.host.HostOperation;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Promises;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Changes a volume in place. Labels and the like are one transaction; a size is an intent, a new
 * limit on the host, and an outcome, also while the volume is in use.
 */
@ApplicationScoped
public class VolumeUpdate {
  private final VolumeStore volumes;
  private final AttachmentStore attachments;
  private final VolumeLocks locks;
  private final Providers providers;
  private final VolumeRecords records;
  private final Capacity capacity;
  private final HostWork host;
  private final Operations operations;
  private final Transactions transactions;
  private final Promises promises;

  VolumeUpdate(
      VolumeStore volumes,
      AttachmentStore attachments,
      VolumeLocks locks,
      Providers providers,
      VolumeRecords records,
      Capacity capacity,
      HostWork host,
      Operations operations,
      Transactions transactions,
      Promises promises) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.locks = locks;
    this.providers = providers;
    this.records = records;
    this.capacity = capacity;
    this.host = host;
    this.operations = operations;
    this.transactions = transactions;
    this.promises = promises;
  }

  /**
   * All of the change or nothing of it.
   *
   * @throws Problem.InTheWay when it would shrink below what is used, or the backend cannot shrink
   * @throws Problem.Conflict when the row has another version than the one asked for
   */
  public VolumeView update(
      String idOrName, VolumeChange change, Caller caller, Reply<VolumeView> reply) {
    Volume found =
        transactions.call(() -> volumes.require(Reference.of(caller.identity(), idOrName)));
    try (Held held = locks.lock(found.id)) {
      long wanted = change.sizeBytes().orElse(found.sizeBytes);
      if (wanted == found.sizeBytes) {
        return records.following(
            found.id, () -> transactions.call(() -> answer(changed(found, change), reply)));
      }
      long claim = Math.max(0, wanted - found.sizeBytes);
      checkSize(found, wanted, caller);
      if (claim > 0) {
        capacity.claim(found.type, claim, wanted, found.provider == ProviderName.LOOP);
      }
      Volume intent = begin(found, change, wanted, claim, reply);
      return finish(intent, caller, reply);
    }
  }

  private Volume begin(
      Volume found, VolumeChange change, long wanted, long claim, Reply<VolumeView> reply) {
    boolean written = false;
    try {
      Volume intent =
          transactions.call(() -> {
            Volume volume = changed(found, change);
            volume.become(VolumeState.UPDATING);
            volume.wantedSizeBytes = wanted;
            volumes.flush();
            volumes.getEntityManager().detach(volume);
            promise(volume, reply);
            return volume;
          });
      written = true;
      return intent;
    } finally {
      if (!written) {
        capacity.release(found.type, claim);
      }
    }
  }

  private void promise(Volume volume, Reply<VolumeView> reply) {
    long now = volume.sizeBytes;
    volume.sizeBytes = volume.wantedSizeBytes;
    volume.foresee(
        VolumeState.AVAILABLE, () -> reply.promise(volume.id, () -> attachments.view(volume)));
    volume.sizeBytes = now;
  }

  /**
   * Sets the new limit of a volume that is UPDATING; the caller holds it.
   *
   * @return the volume with its new size
   * @throws Problem when the host refused: the volume then has its former size, or stays UPDATING
   */
  public VolumeView finish(Volume intent, Caller caller, Reply<VolumeView> reply) {
    Deed deed = host.apply("resize", providers.of(intent).resize(intent));
    Optional<VolumeView> view =
        records.following(intent.id, () -> conclude(intent, deed, caller, reply));
    view.ifPresent(v -> releaseUnused(intent, v.volume().sizeBytes));
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
    return view.orElseThrow();
  }

  private Optional<VolumeView> conclude(
      Volume intent, Deed deed, Caller caller, Reply<VolumeView> reply) {
    return transactions.call(() -> {
      Volume volume = volumes.getEntityManager().merge(intent);
      operations.record(deed, volume.subject(null), caller);
      return switch (deed.outcome()) {
        case DONE -> {
          volume.sizeBytes = volume.wantedSizeBytes;
          yield Optional.of(settled(volume, reply));
        }
        case UNDONE -> {
          promises.broken(volume.id);
          yield Optional.of(settled(volume, Reply.none()));
        }
        case FAILED -> {
          String why = deed.failure().orElseThrow().getMessage();
          volumes.because(intent.id, why);
          yield Optional.empty();
        }
      };
    });
  }

  private VolumeView settled(Volume volume, Reply<VolumeView> reply) {
    volume.become(VolumeState.AVAILABLE);
    volume.wantedSizeBytes = null;
    volume.reason = "";
    return answer(volume, reply);
  }

  /** While UPDATING the larger of both sizes is claimed. */
  private void releaseUnused(Volume intent, long sizeBytes) {
    capacity.release(intent.type, Math.max(intent.sizeBytes, intent.wantedSizeBytes) - sizeBytes);
  }

  private void checkSize(Volume volume, long wanted, Caller caller) {
    capacity.checkSize(volume.type, wanted);
    if (wanted > volume.sizeBytes) {
      return;
    }
    StorageProvider provider = providers.of(volume);
    if (!provider.shrinksInUse()) {
      refuseInUse(volume, caller);
      capacity.requireFree(wanted);
      return;
    }
    // btrfs counts what was written when it commits, which can be half a minute later.
    host.apply("sync", HostPlan.of(new HostOperation.Sync(ManagedRoot.VOLUMES)))
        .failure()
        .map(HostProblems::of)
        .ifPresent(Problem::raise);
    Optional<Long> used = host.ask(() -> provider.usedBytes(volume));
    if (volume.enforcement != Enforcement.UNENFORCED && used.orElse(Long.MAX_VALUE) > wanted) {
      throw new Problem.InTheWay(
          "USAGE",
          "volume/" + volume.name,
          "volume '"
              + volume.name
              + "' uses "
              + used.map(u -> new Size(u).human() + " (" + u + " bytes)").orElse("an unknown size")
              + "; it cannot be made smaller than that");
    }
  }

  private void refuseInUse(Volume volume, Caller caller) {
    List<Attachment> holders = transactions.call(() -> attachments.ofVolume(volume.id));
    if (!holders.isEmpty()) {
      throw HeldBy.problem(
          caller.identity(), volume, holders, "it can be made smaller only after a detach");
    }
  }

  private Volume changed(Volume found, VolumeChange change) {
    Volume volume =
        volumes.reload(found.id).orElseThrow(() -> new Problem.NotFound("volume", found.name));
    if (change.ifVersion().isPresent() && change.ifVersion().getAsLong() != volume.rowVersion) {
      throw new Problem.Conflict(
          "volume '"
              + volume.name
              + "' has row_version "
              + volume.rowVersion
              + ", not "
              + change.ifVersion().getAsLong()
              + ": it was changed meanwhile",
          null);
    }
    volume.refuseUnfinished();
    if (volume.sizeBytes != found.sizeBytes || volume.state().transitional()) {
      throw new Problem.Conflict("the volume was changed at the same time; try again", null);
    }
    if (volume.state() != VolumeState.AVAILABLE) {
      throw new Problem.InTheWay(
          "STATE",
          "volume/" + volume.name,
          "volume '" + volume.name + "' is " + volume.state() + " and cannot be changed");
    }
    change.labels().ifPresent(l -> volume.labels = l.sorted());
    change.isProtected().ifPresent(p -> volume.isProtected = p);
    change
        .idleTimeout()
        .ifPresent(t -> {
          if (volume.type != VolumeType.MEMORY) {
            throw new Problem.Invalid("idle_timeout", "is only for memory volumes");
          }
          volume.idleTimeoutSeconds = t.isZero() ? null : Long.valueOf(Math.max(1, t.toSeconds()));
        });
    return volume;
  }

  private VolumeView answer(Volume volume, Reply<VolumeView> reply) {
    volumes.flush();
    VolumeView view = attachments.view(volume);
    reply.record(view);
    return view;
  }
}
