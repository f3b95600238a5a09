package io.joblet.storage.job;

import io.joblet.storage.journal.Caller;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.journal.KeyedLocks.Held;
import io.joblet.storage.journal.Reply;
import io.joblet.storage.journal.Transactions;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.AttachmentStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Ends attaching and detaching that was interrupted: the first is taken back, the second finished,
 * and on the host that is the same thing.
 */
@ApplicationScoped
public class AttachmentSettlement {
  private final AttachmentStore attachments;
  private final JobStore jobs;
  private final JobLocks locks;
  private final Detaching detaching;
  private final JobCleanup cleanup;
  private final Transactions transactions;
  private final CurrentNode node;

  AttachmentSettlement(
      AttachmentStore attachments,
      JobStore jobs,
      JobLocks locks,
      Detaching detaching,
      JobCleanup cleanup,
      Transactions transactions,
      CurrentNode node) {
    this.attachments = attachments;
    this.jobs = jobs;
    this.locks = locks;
    this.detaching = detaching;
    this.cleanup = cleanup;
    this.transactions = transactions;
    this.node = node;
  }

  /** Attachments on their way in or out. */
  public List<UUID> unsettled() {
    return transactions.call(() ->
        attachments
            .list("nodeId = ?1 and state <> ?2 order by id", node.id(), Attachment.State.ATTACHED)
            .stream()
            .map(a -> a.id)
            .toList());
  }

  /** Jobs whose clean-up was begun. */
  public List<UUID> endingJobs() {
    return transactions.call(() ->
        jobs.list("nodeId = ?1 and state = ?2 order by id", node.id(), Job.State.ENDING).stream()
            .map(j -> j.id)
            .toList());
  }

  /** Waits until nobody works on the job, then settles the attachment; says what was done. */
  public Optional<String> settle(UUID attachmentId) {
    Optional<Attachment> found =
        transactions.call(() -> attachments.findByIdOptional(attachmentId));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Held held = locks.lockHolder(found.get())) {
      Optional<Attachment> unsettled =
          transactions
              .call(() -> attachments.findByIdOptional(attachmentId))
              .filter(a -> a.state != Attachment.State.ATTACHED);
      return unsettled.flatMap(a ->
          detaching
              .detachHeld(a, "interrupted", Caller.daemon(""), Reply.none())
              .map(v ->
                  (a.state == Attachment.State.ATTACHING ? "took back" : "finished")
                      + (a.state == Attachment.State.ATTACHING
                          ? " the attachment of '"
                          : " the detachment of '")
                      + v.volume().name
                      + "' and job '"
                      + a.jobName
                      + "'"));
    }
  }

  /** Waits until nobody works on the job, then goes on with its clean-up if it is still to end. */
  public Optional<String> settleJob(UUID jobId) {
    Optional<Job> found = transactions.call(() -> jobs.findByIdOptional(jobId));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Held held = locks.lock(found.get())) {
      Optional<Job> job =
          transactions
              .call(() -> jobs.findByIdOptional(jobId))
              .filter(j -> j.state == Job.State.ENDING);
      return job.map(j -> {
        cleanup.finish(j, j.reason, Caller.daemon(j.owner));
        return "finished the clean-up of job '" + j.name + "'";
      });
    }
  }
}
