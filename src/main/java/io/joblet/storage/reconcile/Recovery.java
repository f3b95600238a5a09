package io.joblet.storage.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.joblet.storage.config.Excerpt;
import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostOperation.Move;
import io.joblet.storage.host.HostOperation.Sync;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Repairs;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.reconcile.Recoverable.Action;
import io.joblet.storage.reconcile.Remains.Bounds;
import io.joblet.storage.volume.Adoption;
import io.joblet.storage.volume.Capacity;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeLocks;
import io.joblet.storage.volume.VolumeRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;
import org.jboss.logging.Logger;

/**
 * Brings back volumes whose rows were lost: all of them into a new database, or those that an older
 * copy of the database does not know. Data is moved back where it was set aside and never touched
 * otherwise.
 *
 * <p>All rows are one transaction, which {@link Preparation} comes before. Those whose data is
 * elsewhere begin as LOST and become AVAILABLE when it has been moved; killed in between, the next
 * call goes on with them.
 */
@ApplicationScoped
public class Recovery {
  private static final Logger LOG = Logger.getLogger(Recovery.class);

  private final Host kernel;
  private final HostWork host;
  private final RoundTrips database;
  private final CurrentNode node;
  private final NodeTakeover takeover;
  private final Startup startup;
  private final Preparation preparation;
  private final Adoption adoption;
  private final Capacity capacity;
  private final VolumeLocks locks;
  private final Repairs repairs;
  private final StorageConfig config;

  Recovery(
      Host kernel,
      HostWork host,
      RoundTrips database,
      CurrentNode node,
      NodeTakeover takeover,
      Startup startup,
      Preparation preparation,
      Adoption adoption,
      Capacity capacity,
      VolumeLocks locks,
      Repairs repairs,
      StorageConfig config) {
    this.kernel = kernel;
    this.host = host;
    this.database = database;
    this.node = node;
    this.takeover = takeover;
    this.startup = startup;
    this.preparation = preparation;
    this.adoption = adoption;
    this.capacity = capacity;
    this.locks = locks;
    this.repairs = repairs;
    this.config = config;
  }

  /** An item of the plan and what became of it: {@code error} is empty unless that failed. */
  public record Outcome(Recoverable item, boolean done, String error) {}

  /**
   * A plan, carried out or not.
   *
   * @param fingerprint changes with everything that would be done
   * @param newDatabase whether the daemon waits, with a new database, to be told to go on
   */
  public record Report(String fingerprint, boolean newDatabase, List<Outcome> outcomes) {}

  /** What would be done; changes nothing. */
  public Report plan(Caller caller) {
    return report(scan(caller), takeover.isWaiting());
  }

  /**
   * Does it; called again after it failed or the daemon was killed, it goes on.
   *
   * @param fingerprint of the plan that was agreed to; empty agrees to whatever there is
   * @throws Problem.Invalid when that can be no plan's
   * @throws Problem.Conflict when that is not the plan any more; nothing was changed
   * @throws Problem.Exhausted when an owner would have more than its limit; nothing was changed
   */
  public synchronized Report carryOut(String fingerprint, Caller caller) {
    refuseNoId(fingerprint);
    List<Recoverable> plan = scan(caller);
    String now = fingerprint(plan);
    boolean newDatabase = takeover.isWaiting();
    if (!fingerprint.isEmpty() && !fingerprint.equals(now)) {
      throw new Problem.Conflict(
          "plan: the pool has changed since it was made; nothing was changed", null);
    }
    List<Recoverable> wanted = plan.stream().filter(r -> r.action() == Action.ADOPT).toList();
    Map<UUID, String> failed = preparation.make(wanted);
    List<Recoverable> adopted =
        wanted.stream().filter(item -> !failed.containsKey(item.id())).toList();
    LOG.infof("recovering %d volumes: writing their rows", adopted.size());
    commit(adopted, newDatabase, caller);
    if (newDatabase) {
      takeover.claim();
    }
    if (startup.isDone()) {
      adoption.count(adopted.stream().map(r -> r.record().volume()).toList());
    } else {
      startup.reconcile();
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Recoverable item : plan) {
      String error = failed.getOrDefault(item.id(), "");
      outcomes.add(
          item.action() == Action.LEAVE || !error.isEmpty()
              ? new Outcome(item, false, error)
              : settle(item));
      if (outcomes.size() % 1000 == 0) {
        LOG.infof("recovered %d of %d", outcomes.size(), plan.size());
      }
    }
    return new Report(now, newDatabase, outcomes);
  }

  private static void refuseNoId(String fingerprint) {
    try {
      if (fingerprint.isEmpty() || UUID.fromString(fingerprint).toString().equals(fingerprint)) {
        return;
      }
    } catch (IllegalArgumentException noUuid) {
      // Said below.
    }
    throw new Problem.Invalid("plan", "'" + Excerpt.of(fingerprint) + "' is no plan's id");
  }

  private List<Recoverable> scan(Caller caller) {
    Map<UUID, Volume> rows = rows();
    Map<UUID, String> others = others();
    long memory = Math.min(config.memory().maxSize().bytes(), capacity.memoryBudgetBytes());
    return host.ask(() -> {
      long pool = kernel.space(ManagedRoot.VOLUMES).sizeBytes();
      Bounds bounds = new Bounds(config.filesystem().minSize(), pool, memory);
      return new RecoveryScan(kernel, rows, others, caller.owner(), bounds).run();
    });
  }

  /** Of other nodes, by the id of the volume. */
  private Map<UUID, String> others() {
    return database.read(
        "select v.id, n.name from volume v join node n on n.id = v.node_id where n.id <> ?",
        rows -> {
          Map<UUID, String> nodes = new HashMap<>();
          while (rows.next()) {
            nodes.put(rows.uuid(), rows.text());
          }
          return nodes;
        },
        node.id());
  }

  private Map<UUID, Volume> rows() {
    return database.read(
        "select " + VolumeRows.COLUMNS + " from volume v where v.node_id = ?",
        rows -> {
          Map<UUID, Volume> volumes = new HashMap<>();
          while (rows.next()) {
            Volume volume = VolumeRows.read(rows);
            volumes.put(volume.id, volume);
          }
          return volumes;
        },
        node.id());
  }

  private void commit(List<Recoverable> adopted, boolean newDatabase, Caller caller) {
    Changes changes = new Changes();
    for (Recoverable item : adopted) {
      adoption.add(
          changes,
          item.record(),
          item.trashed()
              ? Adoption.As.TRASHED
              : item.from().isPresent() ? Adoption.As.LOST : Adoption.As.AVAILABLE,
          config.trash().retention(),
          caller);
    }
    if (newDatabase) {
      takeover.addInstallation(changes);
    }
    try {
      database.commit(changes);
    } catch (Problem.Exhausted | Problem.Conflict e) {
      preparation.takeBack(adopted);
      throw e;
    } catch (ConstraintViolationException e) {
      preparation.takeBack(adopted);
      throw new Problem.Conflict("volumes were changed at the same time; look again", e);
    }
  }

  private Outcome settle(Recoverable item) {
    UUID id = item.id();
    try (Held held = locks.lock(id)) {
      if (item.from().isPresent()) {
        ManagedPath to = item.provider().data(id, item.trashed());
        // A move out of the trash is not synced by itself, and no row says that it was begun.
        HostPlan plan = HostPlan.of(new Move(item.from().get(), to), new Sync(ManagedRoot.VOLUMES));
        adoption.expect(id, item.trashed(), config.trash().retention());
        repairs.apply("adopt", plan, item.record().volume().subject(null));
        adoption.found(id);
      }
      adoption.follow(id);
      return new Outcome(item, true, "");
    } catch (Problem e) {
      LOG.warnf("cannot bring back %s: %s", item.place(), e.getMessage());
      return new Outcome(item, false, e.getMessage());
    }
  }

  private static Report report(List<Recoverable> plan, boolean newDatabase) {
    return new Report(
        fingerprint(plan),
        newDatabase,
        plan.stream().map(item -> new Outcome(item, false, "")).toList());
  }

  private static String fingerprint(List<Recoverable> plan) {
    String all = String.join("\n", plan.stream().map(Recoverable::line).toList());
    return UUID.nameUUIDFromBytes(all.getBytes(UTF_8)).toString();
  }
}
