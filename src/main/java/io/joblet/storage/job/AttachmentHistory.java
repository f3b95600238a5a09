package io.joblet.storage.job;

import io.joblet.storage.journal.Changes;
import io.joblet.storage.journal.CurrentNode;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.Volume;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;

/** Past attachments, for people and SQL; never read back to decide anything. */
@ApplicationScoped
public class AttachmentHistory {
  private final EntityManager entities;
  private final CurrentNode node;

  AttachmentHistory(EntityManager entities, CurrentNode node) {
    this.entities = entities;
    this.node = node;
  }

  void add(Changes changes, Attachment attachment, Volume volume, Instant detachedAt) {
    changes.add(
        "insert into attachment_history (id, node_id, volume_id, volume_name, owner, job_id,"
            + " job_name, mount_path, read_only, access_mode, attached_at, detached_at, reason)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        attachment.id,
        node.id(),
        volume.id,
        volume.name,
        volume.owner,
        attachment.jobId,
        attachment.jobName,
        attachment.mountPath,
        attachment.readOnly,
        attachment.accessMode,
        attachment.attachedAt,
        detachedAt,
        attachment.reason);
  }

  /** Drops what ended before; within a transaction. Returns how many. */
  public int forgetBefore(Instant before) {
    return entities
        .createNativeQuery(
            "delete from attachment_history where node_id = :node and detached_at < :before")
        .setParameter("node", node.id())
        .setParameter("before", before)
        .executeUpdate();
  }
}
