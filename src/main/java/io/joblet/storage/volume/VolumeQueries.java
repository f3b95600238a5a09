package io.joblet.storage.volume;

import io.joblet.storage.access.Reference;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Reads volumes; changes nothing. */
@ApplicationScoped
public class VolumeQueries {
  private static final String OWN = " and owner = :owner";
  private static final String OWN_AND_SHARED =
      " and (owner = :owner or id in (select volume_id from volume_share where with_owner = :owner))";

  private final VolumeStore volumes;
  private final AttachmentStore attachments;
  private final Transactions transactions;
  private final RoundTrips trips;
  private final EntityManager entities;
  private final CurrentNode node;
  private final Providers providers;
  private final HostWork host;

  VolumeQueries(
      VolumeStore volumes,
      AttachmentStore attachments,
      Transactions transactions,
      RoundTrips trips,
      EntityManager entities,
      CurrentNode node,
      Providers providers,
      HostWork host) {
    this.volumes = volumes;
    this.attachments = attachments;
    this.transactions = transactions;
    this.trips = trips;
    this.entities = entities;
    this.node = node;
    this.providers = providers;
    this.host = host;
  }

  /**
   * One volume of the caller's, or one that is shared with the caller; a name of the caller's own
   * that looks like the id of the latter is the caller's own.
   *
   * @throws Problem.NotFound if the caller has, or sees, no such volume
   */
  public VolumeView get(Caller caller, String idOrName) {
    Reference which = Reference.of(caller.identity(), idOrName);
    return transactions.call(() ->
        attachments.view(
            volumes
                .find(which)
                .or(() -> volumes.findShared(which))
                .orElseThrow(() -> new Problem.NotFound("volume", which.excerpt()))));
  }

  /** At most {@code limit} volumes in the order of their creation. */
  public List<VolumeView> list(VolumeFilter filter, int limit) {
    return transactions.call(() -> {
      List<Volume> page = page(filter, limit);
      Map<UUID, List<Attachment>> held =
          attachments.byVolume(page.stream().filter(v -> v.heldAs != null).map(v -> v.id).toList());
      return page.stream().map(v -> new VolumeView(v, held.getOrDefault(v.id, List.of()))).toList();
    });
  }

  /** Bytes used, by volume id, of those whose use the kernel can tell now. */
  public Map<UUID, Long> usedBytes(Collection<VolumeView> views) {
    return host.ask(() -> {
      Map<UUID, Long> used = new HashMap<>();
      for (VolumeView view : views) {
        providers
            .of(view.volume())
            .usedBytes(view.volume())
            .ifPresent(bytes -> used.put(view.volume().id, bytes));
      }
      return used;
    });
  }

  /**
   * What every volume of this node uses, without those of which nothing can tell now: see {@link
   * StorageProvider#use}. Asks each backend once.
   */
  public List<Use> use() {
    List<Volume> all =
        trips.read(
            "select "
                + VolumeRows.COLUMNS
                + " from volume v where v.node_id = ?"
                + " and v.state not in ('CREATING', 'PURGING', 'LOST')",
            rows -> {
              List<Volume> read = new ArrayList<>();
              while (rows.next()) {
                read.add(VolumeRows.read(rows));
              }
              return read;
            },
            node.id());
    Map<ProviderName, List<Volume>> byProvider =
        all.stream().collect(Collectors.groupingBy(volume -> volume.provider));
    return host.ask(() ->
        byProvider.values().stream()
            .flatMap(same -> providers.of(same.getFirst()).use(same).stream())
            .toList());
  }

  @SuppressWarnings("unchecked")
  private List<Volume> page(VolumeFilter filter, int limit) {
    StringBuilder sql = new StringBuilder("select * from volume where node_id = :node");
    filter.owners().one().ifPresent(o -> sql.append(filter.shared() ? OWN_AND_SHARED : OWN));
    if (!filter.deleted()) {
      sql.append(" and deleted_at is null");
    }
    filter.type().ifPresent(t -> sql.append(" and type = :type"));
    filter.after().ifPresent(id -> sql.append(" and id > :after"));
    boolean labelled = !filter.labels().entries().isEmpty();
    if (labelled) {
      sql.append(" and labels @> jsonb_object(cast(:keys as text[]), cast(:values as text[]))");
    }
    Query query =
        entities
            .createNativeQuery(sql.append(" order by id limit :limit").toString(), Volume.class)
            .setParameter("node", node.id())
            .setParameter("limit", limit);
    filter.owners().one().ifPresent(o -> query.setParameter("owner", o));
    filter.type().ifPresent(t -> query.setParameter("type", t.name()));
    filter.after().ifPresent(id -> query.setParameter("after", id));
    if (labelled) {
      Map<String, String> sorted = filter.labels().sorted();
      query.setParameter("keys", sorted.keySet().toArray(String[]::new));
      query.setParameter("values", sorted.values().toArray(String[]::new));
    }
    return query.getResultList();
  }
}
