package io.joblet.storage.cli.values;

import io.joblet.storage.v1.VolumeType;
import java.util.Locale;

/** {@code --type}. */
public enum Kind {
  FILESYSTEM(VolumeType.FILESYSTEM),
  MEMORY(VolumeType.MEMORY);

  private final VolumeType message;

  Kind(VolumeType message) {
    this.message = message;
  }

  /** As the messages carry it. */
  public VolumeType message() {
    return message;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
