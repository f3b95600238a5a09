package io.joblet.storage.volume;

import io.joblet.storage.access.Reference;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.Sync;
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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;

/** Takes a volume out of the trash, with all its data. */
@ApplicationScoped
public class VolumeUndeletion {
  private final VolumeStore volumes;
  private final VolumeLocks locks;
  private final Providers providers;
  private final MovedData data;
  private final VolumeRecords records;
  private final HostWork host;
  private final Operations operations;
  private final Transactions transactions;
  private final Promises promises;

  VolumeUndeletion(
      VolumeStore volumes,
      VolumeLocks locks,
      Providers providers,
      MovedData data,
      VolumeRecords records,
      HostWork host,
      Operations operations,
      Transactions transactions,
      Promises promises) {
    this.volumes = volumes;
    this.locks = locks;
    this.providers = providers;
    this.data = data;
    this.records = records;
    this.host = host;
    this.operations = operations;
    this.transactions = transactions;
    this.promises = promises;
  }

  /**
   * Brings the volume back, under its own name or another one.
   *
   * @param newName its name from now on; empty keeps its own
   * @throws Problem.AlreadyExists when that name has been taken meanwhile
   */
  public VolumeView undelete(
      String idOrName, Optional<VolumeName> newName, Caller caller, Reply<VolumeView> reply) {
    Reference which = Reference.of(caller.identity(), idOrName);
    UUID id = transactions.call(() -> find(which));
    try (Held held = locks.lock(id)) {
      return finish(begin(id, which, newName, reply), caller, reply);
    }
  }

  /**
   * Moves back the data of a volume that is UNDELETING; the caller holds it. It is on stable
   * storage before the row says so: what is not where its row says is taken for lost. So is what is
   * not in the trash either.
   */
  public VolumeView finish(Volume intent, Caller caller, Reply<VolumeView> reply) {
    HostPlan plan = providers.of(intent).trash(intent);
    Deed moved = host.undo("undelete", plan);
    boolean gone = moved.failure().isPresent() && data.isGone(plan);
    Optional<Deed> unsynced = moved.failure().isPresent() ? Optional.empty() : syncInVain();
    Optional<HostException> failure =
        moved.failure().filter(any -> !gone).or(() -> unsynced.flatMap(Deed::failure));
    // It may have been given another name.
    VolumeView view =
        records.following(
            intent.id,
            () ->
                transactions.call(() -> {
                  Volume volume = volumes.getEntityManager().merge(intent);
                  operations.record(moved, volume.subject(null), caller);
                  unsynced.ifPresent(sync -> operations.record(sync, volume.subject(null), caller));
                  if (failure.isPresent()) {
                    volumes.because(intent.id, failure.get().getMessage());
                  } else {
                    volume.become(gone ? VolumeState.LOST : VolumeState.AVAILABLE);
                    volume.reason = gone ? "its data was not in the trash" : "";
                    volumes.flush();
                  }
                  VolumeView after = new VolumeView(volume, List.of());
                  if (gone) {
                    promises.broken(volume.id);
                  } else if (failure.isEmpty()) {
                    reply.record(after);
                  }
                  return after;
                }));
    failure.map(HostProblems::of).ifPresent(Problem::raise);
    if (gone) {
      throw MovedData.lost(intent, "in the trash");
    }
    return view;
  }

  /** Empty if it succeeded. */
  private Optional<Deed> syncInVain() {
    Deed sync = host.apply("sync", HostPlan.of(new Sync(ManagedRoot.VOLUMES)));
    return Optional.of(sync).filter(deed -> deed.failure().isPresent());
  }

  private Volume begin(
      UUID id, Reference which, Optional<VolumeName> newName, Reply<VolumeView> reply) {
    String[] name = new String[1];
    try {
      return transactions.call(() -> {
        Volume volume =
            volumes
                .reload(id)
                .filter(v -> v.state() == VolumeState.TRASHED)
                .orElseThrow(() -> notInTrash(which));
        newName.ifPresent(n -> volume.name = n.text());
        name[0] = volume.name;
        volume.become(VolumeState.UNDELETING);
        volume.deletedAt = null;
        volume.purgeAfter = null;
        volume.deletedBy = null;
        volume.reason = "";
        volumes.flush();
        volumes.getEntityManager().detach(volume);
        VolumeView back = new VolumeView(volume, List.of());
        volume.foresee(VolumeState.AVAILABLE, () -> reply.promise(volume.id, () -> back));
        return volume;
      });
    } catch (ConstraintViolationException e) {
      if (VolumeStore.nameIsTaken(e)) {
        throw new Problem.AlreadyExists(
            "volume", name[0], Map.of("name", "is taken; undelete under another one"));
      }
      throw e;
    }
  }

  private UUID find(Reference which) {
    Optional<Volume> byId = volumes.find(which);
    if (byId.isPresent() && byId.get().state() == VolumeState.TRASHED) {
      return byId.get().id;
    }
    List<Volume> trashed = volumes.trashed(which);
    if (trashed.size() > 1) {
      throw new Problem.InTheWay(
          "STATE",
          "volume/" + which.excerpt(),
          trashed.size()
              + " volumes named '"
              + which.excerpt()
              + "' are in the trash; name one by its id, newest first: "
              + String.join(", ", trashed.stream().map(v -> v.id.toString()).toList()));
    }
    if (trashed.isEmpty()) {
      throw notInTrash(which);
    }
    return trashed.getFirst().id;
  }

  private static Problem notInTrash(Reference which) {
    return new Problem.NotFound("deleted volume", which.excerpt());
  }
}
