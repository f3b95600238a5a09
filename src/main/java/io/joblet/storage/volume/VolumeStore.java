package io.joblet.storage.volume;

import io.joblet.storage.access.Reference;
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
  public Volume require(Reference which) {
    return find(which).orElseThrow(() -> new Problem.NotFound("volume", which.excerpt()));
  }

  /** {@link #require}, without the exception. */
  public Optional<Volume> find(Reference which) {
    return which.id().flatMap(id -> byId(id, which)).or(() -> byName(which));
  }

  /** Asked so that a row of somebody else's is not even read: how long it takes tells nothing. */
  private Optional<Volume> byId(UUID id, Reference which) {
    return which.seesAll()
        ? reload(id)
        : find("id = ?1 and nodeId = ?2 and owner = ?3", id, node.id(), which.asker())
            .firstResultOptional();
  }

  /** What its owner shares with the caller, by id or as {@code owner/name}. */
  Optional<Volume> findShared(Reference which) {
    if (which.seesAll()) {
      return Optional.empty();
    }
    return getEntityManager()
        .createNativeQuery(
            "select v.* from volume v join volume_share s on s.volume_id = v.id"
                + " where v.node_id = :node and s.with_owner = :asker and v.deleted_at is null"
                + " and (v.id = cast(:id as uuid) or (v.owner = :owner and v.name = :name))",
            Volume.class)
        .setParameter("node", node.id())
        .setParameter("asker", which.asker())
        .setParameter("id", which.id().map(UUID::toString).orElse(null))
        .setParameter("owner", which.owner())
        .setParameter("name", which.name())
        .getResultStream()
        .map(Volume.class::cast)
        .findFirst();
  }

  /** {@link #find} in one round trip, outside of a transaction. */
  Optional<Volume> look(Reference which) {
    return which
        .id()
        .flatMap(id ->
            which.seesAll()
                ? look("v.id = ?", id)
                : look("v.id = ? and v.owner = ?", id, which.asker()))
        .or(() ->
            which.reaches(which.owner())
                ? look(
                    "v.owner = ? and v.name = ? and v.deleted_at is null",
                    which.owner(),
                    which.name())
                : Optional.empty());
  }

  private Optional<Volume> look(String condition, Object... values) {
    Object[] parameters = new Object[values.length + 1];
    parameters[0] = node.id();
    System.arraycopy(values, 0, parameters, 1, values.length);
    return database.read(
        "select " + VolumeRows.COLUMNS + " from volume v where v.node_id = ? and " + condition,
        rows -> rows.next() ? Optional.of(VolumeRows.read(rows)) : Optional.empty(),
        parameters);
  }

  /** Also a name that looks like an id. */
  private Optional<Volume> byName(Reference which) {
    if (!which.reaches(which.owner())) {
      return Optional.empty();
    }
    return find(
            "nodeId = ?1 and owner = ?2 and name = ?3 and deletedAt is null",
            node.id(),
            which.owner(),
            which.name())
        .firstResultOptional();
  }

  /** Volumes of that name in the trash, newest first. */
  public List<Volume> trashed(Reference which) {
    if (!which.reaches(which.owner())) {
      return List.of();
    }
    return list(
        "nodeId = ?1 and owner = ?2 and name = ?3 and state = ?4 order by deletedAt desc",
        node.id(),
        which.owner(),
        which.name(),
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

  /** Says why it is as it is; its version stays, since an answer may have been promised by it. */
  void because(UUID id, String reason) {
    update("reason = ?1 where id = ?2", reason, id);
  }
}
