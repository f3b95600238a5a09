package io.joblet.storage.job;

import io.joblet.storage.volume.Attachment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A job with all that belongs to it, as read in one transaction. */
public record JobView(
    Job job, Optional<JobFilesystem> filesystem, Optional<JobRun> run, List<Held> volumes) {
  public JobView {
    volumes = List.copyOf(volumes);
  }

  /** A volume that the job holds. */
  public record Held(Attachment attachment, String volumeName) {}

  /** One word for people and programs; job.proto lists them. */
  public String status() {
    return switch (job.state) {
      case ACTIVE ->
          run.map(r -> r.state.name().toLowerCase(Locale.ROOT))
              .orElse(filesystem.isPresent() ? "prepared" : "active");
      case ENDING -> "ending";
      case ENDED -> run.map(r -> r.state.name().toLowerCase(Locale.ROOT)).orElse("ended");
    };
  }
}
