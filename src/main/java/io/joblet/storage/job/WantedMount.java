package io.joblet.storage.job;

import io.joblet.storage.volume.AccessMode;
import java.util.Optional;

/**
 * One volume that a job asks for.
 *
 * @param volume id or name
 * @param path empty: {@code /volumes/<volume name>}
 */
public record WantedMount(
    String volume, Optional<MountPath> path, boolean readOnly, AccessMode accessMode) {
  public WantedMount {
    // Nobody writes in that mode, whatever else was asked.
    readOnly = readOnly || accessMode == AccessMode.SHARED_READ_ONLY;
  }
}
