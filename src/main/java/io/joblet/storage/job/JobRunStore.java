package io.joblet.storage.job;

import io.joblet.storage.journal.CurrentNode;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** Commands of this node's jobs. Every method wants a transaction. */
@ApplicationScoped
public class JobRunStore implements PanacheRepositoryBase<JobRun, UUID> {
  private final CurrentNode node;

  JobRunStore(CurrentNode node) {
    this.node = node;
  }

  /** Those that run, or were about to. */
  public List<JobRun> unfinished() {
    return list(
        "(state = ?1 or state = ?2)"
            + " and jobId in (select id from Job where nodeId = ?3) order by jobId",
        JobRun.State.STARTING,
        JobRun.State.RUNNING,
        node.id());
  }
}
