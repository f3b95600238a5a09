package io.joblet.storage.volume;

import io.joblet.storage.journal.CurrentNode;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Live attachments of this node. Every method wants a transaction. */
@ApplicationScoped
public class AttachmentStore implements PanacheRepositoryBase<Attachment, UUID> {
  private final CurrentNode node;

  AttachmentStore(CurrentNode node) {
    this.node = node;
  }

  public List<Attachment> ofVolume(UUID volumeId) {
    return list("volumeId = ?1 order by id", volumeId);
  }

  public List<Attachment> ofJob(UUID jobId) {
    return list("jobId = ?1 order by id", jobId);
  }

  /** All of this node, by id. */
  public List<Attachment> all() {
    return list("nodeId = ?1 order by id", node.id());
  }

  /** One query for a page of volumes. */
  public Map<UUID, List<Attachment>> byVolume(Collection<UUID> volumeIds) {
    return volumeIds.isEmpty()
        ? Map.of()
        : list("volumeId in ?1 order by id", volumeIds).stream()
            .collect(Collectors.groupingBy(a -> a.volumeId));
  }

  /** {@link #ofVolume}, without a question where the volume says itself that it has none. */
  public List<Attachment> holding(Volume volume) {
    return volume.heldAs == null ? List.of() : ofVolume(volume.id);
  }

  public VolumeView view(Volume volume) {
    return new VolumeView(volume, holding(volume));
  }
}
