package io.joblet.storage.job;

import java.util.List;

/** A job with a root file system of its own, and the volumes it has from the beginning. */
public record NewJob(JobName name, NewFilesystem filesystem, List<WantedMount> volumes) {
  public NewJob {
    volumes = List.copyOf(volumes);
  }
}
