package io.joblet.storage.volume;

import java.util.Locale;

/** The backends, by the names that are in rows, configuration and answers. */
public enum ProviderName {
  BTRFS(Enforcement.BTRFS_QGROUP),
  LOOP(Enforcement.EXT4_IMAGE),
  MEMORY(Enforcement.TMPFS),
  DIRECTORY(Enforcement.UNENFORCED);

  private final Enforcement enforcement;

  ProviderName(Enforcement enforcement) {
    this.enforcement = enforcement;
  }

  public Enforcement enforcement() {
    return enforcement;
  }

  /** As written in rows: lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
