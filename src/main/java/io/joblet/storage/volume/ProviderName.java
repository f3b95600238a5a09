package io.joblet.storage.volume;

import io.joblet.storage.host.Host;
import io.joblet.storage.host.Layout;
import io.joblet.storage.host.ManagedPath;
import java.util.Locale;
import java.util.UUID;

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

  /** Where the data of such a volume is on the disk; a memory volume has none there. */
  public ManagedPath data(UUID volumeId, boolean trashed) {
    if (trashed) {
      return Layout.trash(volumeId);
    }
    return this == LOOP ? Layout.image(volumeId) : Layout.volume(volumeId);
  }

  /**
   * Whether such a volume is a file system of its own, which is mounted at its place while somebody
   * has it; else it is a directory of the pool, and always there.
   */
  public boolean isMounted() {
    return this == LOOP || this == MEMORY;
  }

  /** Of what kind the data is that lies there, wherever that is in the pool. Asks the host. */
  public static ProviderName ofData(ManagedPath path, Host kernel) {
    if (kernel.isSubvolume(path)) {
      return BTRFS;
    }
    return kernel.fileSize(path).isPresent() ? LOOP : DIRECTORY;
  }

  /** As written in rows: lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
