package io.joblet.storage.job;

import io.joblet.storage.access.Identity;
import io.joblet.storage.access.Reference;
import io.joblet.storage.problem.Problem;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.IoLimitColumns;
import io.joblet.storage.volume.Volume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Volumes, who holds them, and what a job holds, as they were at one moment.
 *
 * @param who asks
 * @param limits of that job's I/O; none where it runs no command
 * @param attachments all of those volumes and of that job, by id
 * @param readOnly which of the volumes their owners share with who asks, read-only
 * @param total attachments of the whole node, where it was asked for
 */
record Holdings(
    Identity who,
    Map<UUID, Volume> volumes,
    Optional<Job> job,
    IoLimitColumns limits,
    Map<UUID, Attachment> attachments,
    long total,
    Set<UUID> readOnly) {

  /**
   * By id, or by name among what is not in the trash; what the asker may change comes first.
   *
   * @throws Problem.NotFound if it was not there
   */
  Volume require(String idOrName) {
    Reference which = Reference.of(who, idOrName);
    Optional<Volume> byId = which.id().map(volumes::get);
    return byId.filter(v -> which.reaches(v.owner))
        .or(() -> byName(which))
        .or(() -> byId)
        .orElseThrow(() -> new Problem.NotFound("volume", which.excerpt()));
  }

  private Optional<Volume> byName(Reference which) {
    return volumes.values().stream()
        .filter(v ->
            v.owner.equals(which.owner()) && v.name.equals(which.name()) && v.deletedAt == null)
        .findFirst();
  }

  List<Attachment> ofVolume(UUID volumeId) {
    return attachments.values().stream().filter(a -> a.volumeId.equals(volumeId)).toList();
  }

  List<Attachment> ofJob(UUID jobId) {
    return attachments.values().stream().filter(a -> a.jobId.equals(jobId)).toList();
  }
}
