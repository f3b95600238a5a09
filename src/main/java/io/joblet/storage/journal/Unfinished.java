package io.joblet.storage.journal;

import io.joblet.storage.problem.Problem;
import java.util.UUID;

/** Goes on with what a call has begun and not ended, for whoever asks for it again. */
public interface Unfinished {
  /**
   * Waits until nobody works on it, then ends it; does nothing when it has ended.
   *
   * @param subject the volume, attachment or job
   * @throws Problem when the host or the database refuses; it stays for another try
   */
  void finish(UUID subject);
}
