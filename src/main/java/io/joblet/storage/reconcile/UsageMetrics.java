package io.joblet.storage.reconcile;

import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.volume.Capacity;
import io.joblet.storage.volume.Volume;
import io.joblet.storage.volume.VolumeQueries;
import io.joblet.storage.volume.VolumeState;
import io.joblet.storage.volume.VolumeStore;
import io.joblet.storage.volume.VolumeType;
import io.joblet.storage.volume.VolumeView;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.panache.common.Page;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Gauges of the pool, of volumes by state, and of the use of volumes that are attached. The latter
 * are at most {@value #MOST_VOLUMES}: a time series each for 100,000 volumes would be a burden, and
 * what fills up is in use. Sampled with the sweeps; nothing is walked.
 */
@ApplicationScoped
class UsageMetrics {
  private static final int MOST_VOLUMES = 1000;

  private final VolumeStore volumes;
  private final VolumeQueries queries;
  private final Transactions transactions;
  private final EntityManager entities;
  private final CurrentNode node;
  private final Capacity capacity;
  private final MultiGauge byState;
  private final MultiGauge used;
  private final MultiGauge sizes;
  private volatile double poolSizeBytes = Double.NaN;
  private volatile double poolFreeBytes = Double.NaN;

  UsageMetrics(
      VolumeStore volumes,
      VolumeQueries queries,
      Transactions transactions,
      EntityManager entities,
      CurrentNode node,
      Capacity capacity,
      MeterRegistry meters) {
    this.volumes = volumes;
    this.queries = queries;
    this.transactions = transactions;
    this.entities = entities;
    this.node = node;
    this.capacity = capacity;
    this.byState =
        MultiGauge.builder("joblet.volumes").description("Volumes by state").register(meters);
    this.used =
        MultiGauge.builder("joblet.volume.used.bytes")
            .description("Use of an attached volume, as the kernel counts it")
            .register(meters);
    this.sizes =
        MultiGauge.builder("joblet.volume.size.bytes")
            .description("Size of an attached volume")
            .register(meters);
    Gauge.builder("joblet.pool.size.bytes", () -> poolSizeBytes).register(meters);
    Gauge.builder("joblet.pool.free.bytes", () -> poolFreeBytes).register(meters);
    for (VolumeType type : VolumeType.values()) {
      Gauge.builder("joblet.allocated.bytes", () -> capacity.claimed(type))
          .description("Sum of the sizes of all volumes, the trash included")
          .tag("type", type.name())
          .register(meters);
    }
  }

  void sample() {
    var pool = capacity.pool();
    poolSizeBytes = pool.sizeBytes();
    poolFreeBytes = pool.freeBytes();
    byState.register(transactions.call(this::countByState), true);
    List<VolumeView> attached =
        transactions.call(this::attached).stream().map(v -> new VolumeView(v, List.of())).toList();
    Map<UUID, Long> bytes = queries.usedBytes(attached);
    List<Row<?>> usedRows = new ArrayList<>();
    List<Row<?>> sizeRows = new ArrayList<>();
    for (VolumeView view : attached) {
      Volume volume = view.volume();
      Tags tags = Tags.of("volume", volume.name, "owner", volume.owner, "id", volume.id.toString());
      sizeRows.add(Row.of(tags, volume.sizeBytes));
      if (bytes.containsKey(volume.id)) {
        usedRows.add(Row.of(tags, bytes.get(volume.id)));
      }
    }
    used.register(usedRows, true);
    sizes.register(sizeRows, true);
  }

  private List<Volume> attached() {
    return volumes
        .find("nodeId = ?1 and heldAs is not null order by id", node.id())
        .page(Page.ofSize(MOST_VOLUMES))
        .list();
  }

  private List<Row<?>> countByState() {
    List<Row<?>> rows = new ArrayList<>();
    for (Object[] count :
        entities
            .createQuery(
                "select state, count(*) from Volume where nodeId = :node group by state",
                Object[].class)
            .setParameter("node", node.id())
            .getResultList()) {
      rows.add(Row.of(Tags.of("state", ((VolumeState) count[0]).name()), (Long) count[1]));
    }
    return rows;
  }
}
