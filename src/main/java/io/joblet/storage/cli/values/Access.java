package io.joblet.storage.cli.values;

import io.joblet.storage.v1.AccessMode;
import java.util.Locale;

/** {@code --access}: who else may hold the volume at the same time. */
public enum Access {
  EXCLUSIVE(AccessMode.EXCLUSIVE),
  SHARED(AccessMode.SHARED),
  SHARED_READ_ONLY(AccessMode.SHARED_READ_ONLY);

  private final AccessMode message;

  Access(AccessMode message) {
    this.message = message;
  }

  /** As the messages carry it. */
  public AccessMode message() {
    return message;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
