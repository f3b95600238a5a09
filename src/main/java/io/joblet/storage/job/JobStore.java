package io.joblet.storage.job;

import io.joblet.storage.config.Uuids;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.problem.Problem;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Jobs of this node. Every method wants a transaction. */
@ApplicationScoped
public class JobStore implements PanacheRepositoryBase<Job, UUID> {
  private final CurrentNode node;

  JobStore(CurrentNode node) {
    this.node = node;
  }

  /** The job of that name which has not ended, whoever owns it: names are directories. */
  public Optional<Job> live(String name) {
    return find("nodeId = ?1 and name = ?2 and state <> ?3", node.id(), name, Job.State.ENDED)
        .firstResultOptional();
  }

  /**
   * The live job of that name.
   *
   * @throws Problem.NotFound also for a job of another owner
   */
  public Job require(String owner, String name) {
    return live(name)
        .filter(j -> j.owner.equals(owner))
        .orElseThrow(() -> new Problem.NotFound("job", name));
  }

  /** By id, or by name: the one that lives, or else the youngest that had it. */
  Optional<Job> find(String owner, String idOrName) {
    return Uuids.parse(idOrName)
        .<Job>flatMap(id ->
            find("id = ?1 and nodeId = ?2 and owner = ?3", id, node.id(), owner)
                .firstResultOptional())
        .or(() ->
            find(
                    "nodeId = ?1 and owner = ?2 and name = ?3 order by endedAt desc nulls first, id desc",
                    node.id(),
                    owner,
                    idOrName)
                .firstResultOptional());
  }

  public List<Job> allLive() {
    return list("nodeId = ?1 and state <> ?2 order by id", node.id(), Job.State.ENDED);
  }

  /** Forgets jobs that ended before; returns how many. */
  public long forgetEndedBefore(Instant before) {
    return delete(
        "nodeId = ?1 and state = ?2 and endedAt < ?3", node.id(), Job.State.ENDED, before);
  }
}
