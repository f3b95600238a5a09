package io.joblet.storage.volume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.HostException;
import io.joblet.storage.host.HostOperation.RemoveFile;
import io.joblet.storage.host.HostOperation.Sync;
import io.joblet.storage.host.HostOperation.WriteFile;
import io.joblet.storage.host.HostPlan;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import io.joblet.storage.host.ManagedRoot;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Json;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jboss.logging.Logger;

/**
 * The {@link VolumeRecord} of each volume. It is made with the volume and goes with it, by the same
 * plans. Where only a row changes, the row decides: the record follows after the commit, and a
 * crash in between leaves one that is older than its row until the next start or doctor; what fails
 * is tried again by the settle sweep.
 */
@ApplicationScoped
public class VolumeRecords {
  private static final Logger LOG = Logger.getLogger(VolumeRecords.class);

  private final Providers providers;
  private final Host kernel;
  private final HostWork host;
  private final RoundTrips database;
  private final CurrentNode node;
  private final VolumeLocks locks;

  /** Those that could not be written. A start looks at all, so nobody else needs to know. */
  private final Set<UUID> behind = ConcurrentHashMap.newKeySet();

  VolumeRecords(
      Providers providers,
      Host kernel,
      HostWork host,
      RoundTrips database,
      CurrentNode node,
      VolumeLocks locks) {
    this.locks = locks;
    this.kernel = kernel;
    this.providers = providers;
    this.host = host;
    this.database = database;
    this.node = node;
  }

  /** The backend's plan, and the record before it, so that its sync makes that durable too. */
  HostPlan create(Volume volume) {
    return HostPlan.of(write(VolumeRecord.of(volume))).then(providers.of(volume).create(volume));
  }

  /**
   * The backend's plan, and the end of the record. No row will say that data is to be gone, so a
   * power cut must not bring it back; of what was in memory only the record could be.
   */
  HostPlan purge(Volume volume) {
    HostPlan gone =
        providers
            .of(volume)
            .purge(volume)
            .then(HostPlan.of(new RemoveFile(Layout.record(volume.id))));
    return volume.provider == ProviderName.MEMORY
        ? gone
        : gone.then(HostPlan.of(new Sync(ManagedRoot.VOLUMES)));
  }

  private boolean holds(ManagedPath path, VolumeRecord record) {
    try {
      return kernel
          .read(path, VolumeRecord.LONGEST)
          .filter(found -> Arrays.equals(found, record.text().getBytes(UTF_8)))
          .isPresent();
    } catch (HostException otherThanAFile) {
      return false;
    }
  }

  private static WriteFile write(VolumeRecord record) {
    return new WriteFile(Layout.record(record.volume().id), record.text());
  }

  /**
   * After a change of the row, by whoever holds the volume. What fails here is logged: the change
   * has been made, and the record is behind until {@link #catchUp}, or the next start.
   */
  public void follow(UUID id) {
    try {
      bringUp(id);
    } catch (RuntimeException e) {
      LOG.warnf("record of volume %s: %s", id, e.getMessage());
      behind.add(id);
    }
  }

  /**
   * Makes a change of the row and follows it, also where the database did not say whether it was
   * made. By whoever holds the volume.
   */
  public <T> T following(UUID id, Supplier<T> change) {
    try {
      return change.get();
    } finally {
      follow(id);
    }
  }

  /** Tries again what could not be written. Nobody may hold a volume. */
  public void catchUp() {
    for (UUID id : Set.copyOf(behind)) {
      try (Held held = locks.lock(id)) {
        behind.remove(id);
        follow(id);
      }
    }
  }

  /**
   * {@link #follow} for who wants the record itself.
   *
   * @throws Problem when the host refuses
   */
  public void bringUp(UUID id) {
    Optional<VolumeRecord> now = wanted("v.id = ?", id);
    // Not as a plan: to undo the step is to be without a record, and an older one is better.
    now.ifPresent(record -> host.tell(() -> kernel.apply(write(record))));
  }

  /** Whether the record is not what the row says; to be asked by whoever holds the volume. */
  public boolean isBehind(UUID id) {
    Optional<VolumeRecord> now = wanted("v.id = ?", id);
    return now.isPresent() && !host.ask(() -> holds(Layout.record(id), now.get()));
  }

  /** CRC-32C of what each record of this node should be. */
  public Map<UUID, Long> checksums() {
    Map<UUID, Long> sums = new HashMap<>();
    each(
        "true",
        (id, record) -> {
          CRC32C sum = new CRC32C();
          sum.update(record.text().getBytes(UTF_8));
          sums.put(id, sum.getValue());
        });
    return sums;
  }

  private Optional<VolumeRecord> wanted(String condition, UUID id) {
    Map<UUID, VolumeRecord> found = new HashMap<>();
    each(condition, found::put, id);
    return Optional.ofNullable(found.get(id));
  }

  private void each(String condition, BiConsumer<UUID, VolumeRecord> consumer, Object... values) {
    Object[] parameters = new Object[values.length + 1];
    parameters[0] = node.id();
    System.arraycopy(values, 0, parameters, 1, values.length);
    database.read(
        "select "
            + VolumeRows.COLUMNS
            + ", (select jsonb_object_agg(s.with_owner, s.read_only) from volume_share s"
            + " where s.volume_id = v.id) from volume v where v.node_id = ? and v.state <> 'CREATING'"
            + " and "
            + condition,
        rows -> {
          while (rows.next()) {
            Volume volume = VolumeRows.read(rows);
            consumer.accept(volume.id, new VolumeRecord(volume, shares(rows.text())));
          }
          return null;
        },
        parameters);
  }

  private static SortedMap<String, Boolean> shares(String json) {
    return json == null ? new TreeMap<>() : new TreeMap<>(Json.flags(json));
  }
}
