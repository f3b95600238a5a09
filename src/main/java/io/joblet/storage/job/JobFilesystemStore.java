package io.joblet.storage.job;

import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.Columns;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.RoundTrips;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Root file systems of this node's jobs. Reading rows wants a transaction. */
@ApplicationScoped
public class JobFilesystemStore implements PanacheRepositoryBase<JobFilesystem, UUID> {
  private static final String LIVE =
      "jobId in (select id from Job where nodeId = ?1 and state <> ?2)";

  private static final String COUNT_LIVE =
      "select count(*) from job_filesystem f join job j on j.id = f.job_id"
          + " where j.node_id = ? and j.state <> 'ENDED'";

  private final CurrentNode node;
  private final RoundTrips database;

  JobFilesystemStore(CurrentNode node, RoundTrips database) {
    this.node = node;
    this.database = database;
  }

  /** Those that are on the host. */
  public List<JobFilesystem> live() {
    return list(LIVE, node.id(), Job.State.ENDED);
  }

  /** How many those are, in one round trip; no part of a transaction. */
  public long countLive() {
    return database.read(COUNT_LIVE, JobFilesystemStore::only, node.id());
  }

  /** The changes are a conflict if there are so many already, or more. */
  void requireFewer(Changes changes, long most) {
    // Else it is planned anew for each job, which takes PostgreSQL longer than to answer it.
    changes.add("set local plan_cache_mode = force_generic_plan");
    changes.there("select where (" + COUNT_LIVE + ") < ?", node.id(), most);
  }

  private static long only(Columns rows) throws SQLException {
    rows.next();
    return rows.number();
  }
}
