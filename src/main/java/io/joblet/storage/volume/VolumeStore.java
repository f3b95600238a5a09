package io.joblet.storage.volume;

import io.joblet.storage.config.Excerpt;
import io.joblet.storage.config.Uuids;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import io.joblet.storage.problem.Problem;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.exception.ConstraintViolationException;

/** Volumes of this node. Every method wants a transaction. */
@ApplicationScoped
public class VolumeStore implements PanacheRepositoryBase<Volume, UUID> {
  private final CurrentNode node;
  private final RoundTrips database;

  VolumeStore(CurrentNode node, RoundTrips database) {
    this.node = node;
    this.database = database;
  }

  /** Whether the owner has another volume of that name, by the index in db/migration. */
  static boolean nameIsTaken(ConstraintViolationException e) {
    return "volume_name_is_unique".equals(e.getConstraintName());
  }

  /**
   * By id, or by name among what is not in the trash.
   *
   * @throws Problem.NotFound also for a volume of another owner or node
   */
  public Volume require(String owner, String idOrName) {
    return find(owner, idOrName)
        .orElseThrow(() -> new Problem.NotFound("volume", Excerpt.of(idOrName)));
  }

  /** {@link #require}, without the exception. */
  public Optional<Volume> find(String owner, String idOrName) {
    return Uuids.parse(idOrName).flatMap(id -> byId(owner, id)).or(() -> byName(owner, idOrName));
  }

  /** {@link #find} in one round trip, outside of a transaction. */
  Optional<Volume> look(String owner, String idOrName) {
    return Uuids.parse(idOrName)
        .flatMap(id -> look("v.id = ?", owner, id))
        .or(() -> look("v.name = ? and v.deleted_at is null", owner, idOrName));
  }

  private Optional<Volume> look(String which, String owner, Object what) {
    return database.read(
        "select "
            + VolumeRows.COLUMNS
            + " from volume v where v.node_id = ? and v.owner = ? and "
            + which,
        rows -> rows.next() ? Optional.of(VolumeRows.read(rows)) : Optional.empty(),
        node.id(),
        owner,
        what);
  }

  private Optional<Volume> byId(String owner, UUID id) {
    return find("id = ?1 and nodeId = ?2 and owner = ?3", id, node.id(), owner)
        .firstResultOptional();
  }

  /** Also a name that looks like an id. */
  private Optional<Volume> byName(String owner, String name) {
    return find(
            "nodeId = ?1 and owner = ?2 and name = ?3 and deletedAt is null",
            node.id(),
            owner,
            name)
        .firstResultOptional();
  }

  /** Volumes of that name in the trash, newest first. */
  public List<Volume> trashed(String owner, String name) {
    return list(
        "nodeId = ?1 and owner = ?2 and name = ?3 and state = ?4 order by deletedAt desc",
        node.id(),
        owner,
        name,
        VolumeState.TRASHED);
  }

  /** The row as it is now; empty when it is gone. */
  public Optional<Volume> reload(UUID id) {
    return find("id = ?1 and nodeId = ?2", id, node.id()).firstResultOptional();
  }

  /** Ids of this node's volumes in those states. */
  public List<UUID> idsIn(Collection<VolumeState> states) {
    return getEntityManager()
        .createQuery(
            "select id from Volume where nodeId = :node and state in :states order by id",
            UUID.class)
        .setParameter("node", node.id())
        .setParameter("states", states)
        .getResultList();
  }
}
