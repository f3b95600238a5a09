package io.joblet.storage.reconcile;

import io.joblet.storage.host.Host;
import io.joblet.storage.job.Job;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.HostWork;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.volume.AttachmentStore;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** Compares all rows of this node with the host. A start runs it, and so does the doctor. */
@ApplicationScoped
public class Inspection {
  private final List<Check> checks;
  private final EntityManager entities;
  private final AttachmentStore attachments;
  private final Transactions transactions;
  private final CurrentNode node;
  private final Host kernel;
  private final HostWork host;

  Inspection(
      @All List<Check> checks,
      EntityManager entities,
      AttachmentStore attachments,
      Transactions transactions,
      CurrentNode node,
      Host kernel,
      HostWork host) {
    this.checks = checks;
    this.entities = entities;
    this.attachments = attachments;
    this.transactions = transactions;
    this.node = node;
    this.kernel = kernel;
    this.host = host;
  }

  /** What was looked at and what was found. */
  public record Report(int volumes, int attachments, List<Finding> findings) {}

  /**
   * Rows are read after the host: what appears on the host in between then has no finding, and what
   * a row announces too early is looked at again by its check.
   */
  public Report run() {
    HostInventory onHost = host.ask(() -> HostInventory.read(kernel));
    RowInventory rows = transactions.call(this::rows);
    List<Finding> findings = new ArrayList<>();
    checks.forEach(check -> check.inspect(rows, onHost, findings::add));
    return new Report(rows.volumes().size(), rows.attachments().size(), findings);
  }

  private RowInventory rows() {
    return new RowInventory(
        entities
            .createQuery(
                "select id, name, owner, provider, state, sizeBytes, qgroup from Volume"
                    + " where nodeId = :node order by id",
                RowInventory.Row.class)
            .setParameter("node", node.id())
            .getResultStream()
            .collect(byId(RowInventory.Row::id)),
        attachments.all(),
        entities
            .createQuery(
                "select j.id, j.name, j.directory, f.jobId is not null, r.state from Job j"
                    + " left join JobFilesystem f on f.jobId = j.id"
                    + " left join JobRun r on r.jobId = j.id"
                    + " where j.nodeId = :node and j.state <> :ended order by j.id",
                RowInventory.LiveJob.class)
            .setParameter("node", node.id())
            .setParameter("ended", Job.State.ENDED)
            .getResultStream()
            .collect(byId(RowInventory.LiveJob::id)));
  }

  /** In the order in which they were asked for, so that findings are in that of creation. */
  private static <T> Collector<T, ?, Map<UUID, T>> byId(Function<T, UUID> id) {
    return Collectors.toMap(id, Function.identity(), (a, b) -> a, LinkedHashMap::new);
  }
}
