package io.joblet.storage.job;

import io.joblet.storage.access.Owners;
import io.joblet.storage.access.Reference;
import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.AttachmentStore;
import io.joblet.storage.volume.VolumeStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads jobs; changes nothing. */
@ApplicationScoped
public class JobQueries {
  private final JobStore jobs;
  private final JobFilesystemStore filesystems;
  private final JobRunStore runs;
  private final AttachmentStore attachments;
  private final VolumeStore volumes;
  private final Transactions transactions;
  private final CurrentNode node;

  JobQueries(
      JobStore jobs,
      JobFilesystemStore filesystems,
      JobRunStore runs,
      AttachmentStore attachments,
      VolumeStore volumes,
      Transactions transactions,
      CurrentNode node) {
    this.jobs = jobs;
    this.filesystems = filesystems;
    this.runs = runs;
    this.attachments = attachments;
    this.volumes = volumes;
    this.transactions = transactions;
    this.node = node;
  }

  /**
   * One job, by id or name; of several that had the name, the one that lives, or else the youngest.
   *
   * @throws Problem.NotFound also for a job of another owner
   */
  public JobView get(Caller caller, String idOrName) {
    return transactions.call(() -> view(require(caller, idOrName)));
  }

  /** One job as it is now, if it is still known. */
  Optional<JobView> now(UUID id) {
    return transactions.call(() -> jobs.findByIdOptional(id).map(this::view));
  }

  /**
   * At most {@code limit} jobs in the order of their creation.
   *
   * @param after the last of the page before
   */
  public List<JobView> list(Owners owners, boolean ended, Optional<UUID> after, int limit) {
    return transactions.call(() ->
        jobs
            .find(
                "nodeId = ?1 and (?2 is null or owner = ?2) and (?3 = true or state <> ?4) and (?5 is null or id >"
                    + " ?5) order by id",
                node.id(),
                owners.one().orElse(null),
                ended,
                Job.State.ENDED,
                after.orElse(null))
            .page(0, limit)
            .stream()
            .map(this::view)
            .toList());
  }

  /** Within a transaction. */
  Job require(Caller caller, String idOrName) {
    Reference which = Reference.of(caller.identity(), idOrName);
    return jobs.find(which).orElseThrow(() -> new Problem.NotFound("job", which.excerpt()));
  }

  /** Within a transaction. */
  JobView view(Job job) {
    List<JobView.Held> held =
        job.state == Job.State.ENDED
            ? List.of()
            : attachments.ofJob(job.id).stream()
                .map(a -> new JobView.Held(a, volumes.findById(a.volumeId).name))
                .toList();
    return new JobView(
        job, filesystems.findByIdOptional(job.id), runs.findByIdOptional(job.id), held);
  }
}
