package io.joblet.storage.volume;

import io.joblet.storage.access.Reference;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Deed;
import io.joblet.storage.journal.HostProblems;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Operations;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.id.uuid.UuidVersion7Strategy;

/** Makes a volume: the row first, then the data, then the row says that it is there. */
@ApplicationScoped
public class VolumeCreation {
  private final VolumeStore volumes;
  private final VolumeLocks locks;
  private final Providers providers;
  private final VolumeRecords records;
  private final Capacity capacity;
  private final QgroupNumbers qgroups;
  private final HostWork host;
  private final Operations operations;
  private final Transactions transactions;
  private final RoundTrips database;
  private final CurrentNode node;
  private final StorageConfig config;

  VolumeCreation(
      VolumeStore volumes,
      VolumeLocks locks,
      Providers providers,
      VolumeRecords records,
      Capacity capacity,
      QgroupNumbers qgroups,
      HostWork host,
      Operations operations,
      Transactions transactions,
      RoundTrips database,
      CurrentNode node,
      StorageConfig config) {
    this.volumes = volumes;
    this.locks = locks;
    this.providers = providers;
    this.records = records;
    this.capacity = capacity;
    this.qgroups = qgroups;
    this.host = host;
    this.operations = operations;
    this.transactions = transactions;
    this.database = database;
    this.node = node;
    this.config = config;
  }

  /**
   * Makes the volume; when this returns, it is on stable storage.
   *
   * @throws Problem.Invalid for a size out of bounds
   * @throws Problem.AlreadyExists when the owner has a volume of that name
   * @throws Problem.Exhausted when there is no room for it
   */
  public VolumeView create(NewVolume wanted, Caller caller, Reply<VolumeView> reply) {
    capacity.checkSize(wanted.type(), wanted.sizeBytes());
    capacity.checkInodes(wanted.sizeBytes(), wanted.inodeLimit());
    StorageProvider provider = providers.choose(wanted.type(), wanted.inodeLimit());
    Volume intent = row(wanted, provider, caller);
    try (Held held = locks.lock(intent.id)) {
      capacity.claim(
          wanted.type(),
          wanted.sizeBytes(),
          wanted.sizeBytes(),
          provider.name() == ProviderName.LOOP);
      return createHeld(intent, wanted, caller, reply);
    }
  }

  private VolumeView createHeld(
      Volume intent, NewVolume wanted, Caller caller, Reply<VolumeView> reply) {
    boolean kept = false;
    try {
      insert(intent, wanted, caller);
      kept = true;
      Deed deed = host.apply("create", records.create(intent));
      if (deed.failure().isPresent()) {
        kept = !takeBack(intent, deed, caller);
        throw HostProblems.of(deed.failure().get());
      }
      return complete(intent, deed, caller, reply);
    } finally {
      if (!kept) {
        capacity.release(wanted.type(), wanted.sizeBytes());
      }
    }
  }

  /** The outcome. A start that finds the intent without it takes the creation back. */
  private VolumeView complete(Volume intent, Deed deed, Caller caller, Reply<VolumeView> reply) {
    intent.become(VolumeState.AVAILABLE);
    Changes changes = new Changes();
    operations.add(changes, deed, intent.subject(null), caller);
    VolumeRows.writeState(changes, intent);
    VolumeView view = new VolumeView(intent, List.of());
    reply.add(changes, view);
    database.commit(changes);
    return view;
  }

  private void insert(Volume intent, NewVolume wanted, Caller caller) {
    Changes changes = new Changes();
    VolumeRows.insert(changes, intent);
    try {
      database.commit(changes);
    } catch (ConstraintViolationException e) {
      if (VolumeStore.nameIsTaken(e)) {
        throw taken(wanted, caller);
      }
      throw e;
    }
  }

  private Problem taken(NewVolume wanted, Caller caller) {
    return transactions.call(() ->
        volumes
            .find(Reference.of(caller.identity(), wanted.name().text()))
            .filter(v -> v.state() != VolumeState.CREATING)
            .<Problem>map(v ->
                new Problem.AlreadyExists("volume", wanted.name().text(), differences(v, wanted)))
            .orElseGet(() ->
                new Problem.AlreadyExists(
                    "volume", wanted.name().text(), Map.of("status", "is being created"))));
  }

  private static Map<String, String> differences(Volume existing, NewVolume wanted) {
    Map<String, String> differences = new TreeMap<>();
    compare(differences, "type", existing.type, wanted.type());
    compare(differences, "size_bytes", existing.sizeBytes, wanted.sizeBytes());
    compare(differences, "labels", existing.labels, wanted.labels().entries());
    compare(differences, "inode_limit", existing.inodeLimit, wanted.inodeLimit());
    compare(differences, "uid", existing.uid, wanted.uid());
    compare(differences, "gid", existing.gid, wanted.gid());
    compare(differences, "mode", existing.mode, wanted.mode());
    compare(differences, "protected", existing.isProtected, wanted.isProtected());
    return differences;
  }

  private static void compare(
      Map<String, String> differences, String field, Object is, Object wanted) {
    if (!is.equals(wanted)) {
      differences.put(field, "is " + is + ", not " + wanted);
    }
  }

  /** Whether the row could be removed: only when nothing is left on the host. */
  private boolean takeBack(Volume intent, Deed deed, Caller caller) {
    return transactions.call(() -> {
      operations.record(deed, intent.subject(null), caller);
      return deed.nothingLeft() && volumes.deleteById(intent.id);
    });
  }

  /**
   * Takes back a creation that was interrupted; the caller holds the volume.
   *
   * @throws Problem when the host still refuses; the row stays for another try
   */
  public void undo(Volume intent, Caller caller) {
    Deed deed = host.undo("undo-create", records.create(intent));
    transactions.run(() -> {
      operations.record(deed, intent.subject(null), caller);
      if (deed.failure().isEmpty()) {
        volumes.deleteById(intent.id);
      }
    });
    deed.failure().map(HostProblems::of).ifPresent(Problem::raise);
    capacity.release(intent.type, intent.sizeBytes);
  }

  /**
   * Believes the host instead of a row that says that it is being created; the caller holds the
   * volume. What has become of it since, in its place or elsewhere, the doctor finds out.
   */
  public void hasEnded(Volume intent) {
    intent.become(VolumeState.AVAILABLE);
    Changes changes = new Changes();
    VolumeRows.writeState(changes, intent);
    database.commit(changes);
  }

  private Volume row(NewVolume wanted, StorageProvider provider, Caller caller) {
    Volume volume = new Volume();
    volume.id = UuidVersion7Strategy.INSTANCE.generateUuid(null);
    volume.nodeId = node.id();
    volume.owner = caller.owner();
    volume.name = wanted.name().text();
    volume.type = wanted.type();
    volume.provider = provider.name();
    volume.enforcement = provider.name().enforcement();
    volume.state = VolumeState.CREATING;
    volume.sizeBytes = wanted.sizeBytes();
    volume.inodeLimit = wanted.inodeLimit();
    volume.qgroup = provider.name() == ProviderName.BTRFS ? Long.valueOf(qgroups.next()) : null;
    volume.uid = wanted.uid();
    volume.gid = wanted.gid();
    volume.mode = wanted.mode();
    volume.isProtected = wanted.isProtected();
    volume.idleTimeoutSeconds = idleTimeoutSeconds(wanted);
    volume.labels = wanted.labels().sorted();
    volume.createdAt = Instant.now().truncatedTo(ChronoUnit.MICROS);
    volume.createdBy = caller.principal();
    return volume;
  }

  private Long idleTimeoutSeconds(NewVolume wanted) {
    if (wanted.type() != VolumeType.MEMORY) {
      return null;
    }
    Duration timeout = wanted.idleTimeout().orElse(config.memory().idleTimeout());
    return timeout.isZero() ? null : Long.valueOf(Math.max(1, timeout.toSeconds()));
  }
}
