package io.joblet.storage.job;

import io.joblet.storage.journal.CurrentNode;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** Root file systems of this node's jobs. Every method wants a transaction. */
@ApplicationScoped
public class JobFilesystemStore implements PanacheRepositoryBase<JobFilesystem, UUID> {
  private static final String LIVE =
      "jobId in (select id from Job where nodeId = ?1 and state <> ?2)";

  private final CurrentNode node;

  JobFilesystemStore(CurrentNode node) {
    this.node = node;
  }

  /** Those that are on the host. */
  public List<JobFilesystem> live() {
    return list(LIVE, node.id(), Job.State.ENDED);
  }

  public long countLive() {
    return count(LIVE, node.id(), Job.State.ENDED);
  }
}
