package io.joblet.storage.reconcile;

import io.joblet.storage.job.JobRun;
import io.joblet.storage.volume.Attachment;
import io.joblet.storage.volume.ProviderName;
import io.joblet.storage.volume.VolumeState;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What should be on the host, read in one transaction. */
record RowInventory(Map<UUID, Row> volumes, List<Attachment> attachments, Map<UUID, LiveJob> jobs) {

  /** A job that has not ended; {@code run} is null where it runs no command. */
  record LiveJob(UUID id, String name, String directory, boolean hasFilesystem, JobRun.State run) {}

  /** As much of a volume as an inspection needs; 100,000 of these are small. */
  record Row(
      UUID id,
      String name,
      String owner,
      ProviderName provider,
      VolumeState state,
      long sizeBytes,
      Long qgroup) {}
}
