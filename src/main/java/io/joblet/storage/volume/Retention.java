package io.joblet.storage.volume;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a deleted volume can be had back. It is the row's and not the configuration's: what
 * whoever deleted it was told holds, whatever is configured later.
 */
public final class Retention {
  /**
   * At least, where nobody has just deleted it: its row is of an older database, or was made from
   * what lay in the trash. With a configured retention of 0 a start would else be its end.
   */
  private static final Duration LEAST_OF_FOUND = Duration.ofHours(1);

  private Retention() {}

  /** Begins now, with a volume that somebody deletes. */
  static void begin(Volume volume, Duration retention) {
    volume.deletedAt = Instant.now();
    volume.purgeAfter = volume.deletedAt.plus(retention);
  }

  /**
   * Begins now, with a volume that was found to be deleted.
   *
   * @param retention as {@code joblet.trash.retention} says, or as was told
   */
  public static void beginForFound(Volume volume, Duration retention) {
    begin(volume, retention.compareTo(LEAST_OF_FOUND) < 0 ? LEAST_OF_FOUND : retention);
  }

  /**
   * Begins again, with a deletion that was interrupted and is finished now: its row may be of an
   * older database, and the volume have been had back and used since. What was to be destroyed at
   * once, and lately, still is.
   */
  static void beginAgain(Volume volume) {
    Duration told = of(volume);
    Duration ago = Duration.between(volume.deletedAt, Instant.now());
    if (ago.compareTo(LEAST_OF_FOUND) < 0) {
      begin(volume, told);
    } else {
      beginForFound(volume, told);
    }
  }

  /** Of a volume in the trash, or on its way there. */
  public static Duration of(Volume volume) {
    return Duration.between(volume.deletedAt, volume.purgeAfter);
  }
}
