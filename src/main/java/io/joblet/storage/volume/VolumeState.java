package io.joblet.storage.volume;

import java.util.EnumSet;
import java.util.Set;

/**
 * The life of a volume. States ending in -ING are intents: the row was written before the host was
 * touched, and whoever finds it so finishes it or takes it back.
 *
 * <pre>
 * CREATING ---> AVAILABLE <---> UPDATING
 *                |   |  ^ '---> LOST ---> PURGING
 *                |   |  '--- UNDELETING <---.
 *                |   '---> DELETING ---> TRASHED ---> PURGING ---> (gone)
 *                '---> PURGING  (in memory: there is nothing to keep)
 * </pre>
 */
public enum VolumeState {
  CREATING,
  AVAILABLE,
  UPDATING,
  DELETING,
  TRASHED,
  UNDELETING,
  PURGING,
  /** Its data is not where the row says. Never repaired by making it anew. */
  LOST;

  /** Every legal transition; whatever is not here is a mistake in the program. */
  public Set<VolumeState> next() {
    return switch (this) {
      case CREATING -> EnumSet.of(AVAILABLE);
      case AVAILABLE -> EnumSet.of(UPDATING, DELETING, PURGING, LOST);
      case UPDATING -> EnumSet.of(AVAILABLE);
      case DELETING -> EnumSet.of(TRASHED, PURGING, AVAILABLE);
      case TRASHED -> EnumSet.of(UNDELETING, PURGING);
      case UNDELETING -> EnumSet.of(AVAILABLE, TRASHED, LOST);
      case PURGING -> EnumSet.noneOf(VolumeState.class);
      case LOST -> EnumSet.of(AVAILABLE, PURGING);
    };
  }

  /** An intent that somebody is working on, or that waits to be settled. */
  public boolean transitional() {
    return switch (this) {
      case CREATING, UPDATING, DELETING, UNDELETING, PURGING -> true;
      case AVAILABLE, TRASHED, LOST -> false;
    };
  }

  /** On its way out, or in the trash. */
  public boolean deleted() {
    return switch (this) {
      case DELETING, TRASHED, PURGING -> true;
      case CREATING, AVAILABLE, UPDATING, UNDELETING, LOST -> false;
    };
  }
}
