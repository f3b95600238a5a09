package io.joblet.storage.job;

import io.joblet.storage.access.Reference;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.problem.Problem;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Jobs of this node. Every method wants a transaction. */
@ApplicationScoped
public class JobStore implements PanacheRepositoryBase<Job, UUID> {
  private final CurrentNode node;

  JobStore(CurrentNode node) {
    this.node = node;
  }

  /** The live job of that name among the owner's. */
  Optional<Job> live(String owner, String name) {
    return find(
            "nodeId = ?1 and owner = ?2 and name = ?3 and state <> ?4",
            node.id(),
            owner,
            name,
            Job.State.ENDED)
        .firstResultOptional();
  }

  /**
   * The live job of that name among the owner's.
   *
   * @throws Problem.NotFound if there is none
   */
  public Job require(String owner, String name) {
    return live(owner, name).orElseThrow(() -> new Problem.NotFound("job", name));
  }

  /** By id, or by name: the one that lives, or else the youngest that had it. */
  Optional<Job> find(Reference which) {
    return which
        .id()
        .flatMap(id -> byId(id, which))
        .or(() -> which.reaches(which.owner()) ? byName(which) : Optional.empty());
  }

  /** Asked so that a row of somebody else's is not even read: how long it takes tells nothing. */
  private Optional<Job> byId(UUID id, Reference which) {
    return which.seesAll()
        ? find("id = ?1 and nodeId = ?2", id, node.id()).firstResultOptional()
        : find("id = ?1 and nodeId = ?2 and owner = ?3", id, node.id(), which.asker())
            .firstResultOptional();
  }

  /** Also a name that looks like an id, so that another's id is looked for as nobody's is. */
  private Optional<Job> byName(Reference which) {
    return find(
            "nodeId = ?1 and owner = ?2 and name = ?3 order by endedAt desc nulls first, id desc",
            node.id(),
            which.owner(),
            which.name())
        .firstResultOptional();
  }

  /** A job and all that its end has to know, in one question. */
  Optional<RootTakedown.Rows> withFilesystem(UUID id) {
    return getEntityManager()
        .createQuery(
            "select j, f, r, (select count(a) from Attachment a where a.jobId = j.id) from Job j"
                + " join JobFilesystem f on f.jobId = j.id left join JobRun r on r.jobId = j.id"
                + " where j.id = :id",
            Object[].class)
        .setParameter("id", id)
        .getResultStream()
        .map(row ->
            new RootTakedown.Rows(
                (Job) row[0],
                (JobFilesystem) row[1],
                Optional.ofNullable((JobRun) row[2]),
                (long) row[3]))
        .findFirst();
  }

  public List<Job> allLive() {
    return list("nodeId = ?1 and state <> ?2 order by id", node.id(), Job.State.ENDED);
  }

  /** Those of the ids that no row has, of no node; in one statement, since they may be many. */
  List<UUID> unknown(Collection<UUID> ids) {
    List<?> unknown =
        getEntityManager()
            .createNativeQuery(
                "select k.id from unnest(cast(string_to_array(:ids, ',') as uuid[])) as k (id)"
                    + " where not exists (select from job j where j.id = k.id) order by k.id")
            .setParameter("ids", ids.stream().map(UUID::toString).collect(Collectors.joining(",")))
            .getResultList();
    return unknown.stream().map(UUID.class::cast).toList();
  }

  /** Forgets jobs that ended before; returns how many. */
  public long forgetEndedBefore(Instant before) {
    return delete(
        "nodeId = ?1 and state = ?2 and endedAt < ?3", node.id(), Job.State.ENDED, before);
  }
}
