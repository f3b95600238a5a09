package io.joblet.storage.volume;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.problem.Problem;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The backends of this host, and which of them a new volume gets. */
@ApplicationScoped
public class Providers {
  private static final List<ProviderName> BEST_FIRST =
      List.of(ProviderName.BTRFS, ProviderName.LOOP);

  private final Map<ProviderName, StorageProvider> byName = new EnumMap<>(ProviderName.class);
  private final StorageConfig.Filesystem config;

  Providers(@All List<StorageProvider> all, StorageConfig config) {
    all.forEach(p -> byName.put(p.name(), p));
    this.config = config.filesystem();
  }

  /** The backend of an existing volume. */
  public StorageProvider of(Volume volume) {
    return byName.get(volume.provider);
  }

  /**
   * The backend for a new volume.
   *
   * @throws Problem.InTheWay when none that works here can enforce what is asked for
   */
  public StorageProvider choose(VolumeType type, long inodeLimit) {
    return switch (type) {
      case MEMORY -> byName.get(ProviderName.MEMORY);
      case FILESYSTEM -> chooseFilesystem(inodeLimit);
    };
  }

  /** What a filesystem volume without special wishes gets here, and why: for people. */
  public String explain() {
    try {
      StorageProvider chosen = chooseFilesystem(0);
      List<String> passedOver = reasons(0);
      return chosen.name().text()
          + (passedOver.isEmpty() ? "" : "; " + String.join("; ", passedOver));
    } catch (Problem.InTheWay e) {
      return "none: " + e.getMessage();
    }
  }

  private StorageProvider chooseFilesystem(long inodeLimit) {
    for (ProviderName candidate : candidates()) {
      StorageProvider provider = byName.get(candidate);
      if (provider.unavailable().isEmpty() && (inodeLimit == 0 || provider.limitsInodes())) {
        return provider;
      }
    }
    if (config.allowUnenforced() && inodeLimit == 0) {
      return byName.get(ProviderName.DIRECTORY);
    }
    throw new Problem.InTheWay(
        "PROVIDER",
        "joblet.filesystem.provider",
        "no backend on this host can enforce "
            + (inodeLimit == 0 ? "a size" : "an inode limit")
            + ": "
            + String.join("; ", reasons(inodeLimit))
            + (config.allowUnenforced()
                ? ""
                : " (joblet.filesystem.allow-unenforced would allow volumes without a limit)"));
  }

  private List<ProviderName> candidates() {
    String wanted = config.provider().toUpperCase(Locale.ROOT);
    if (wanted.equals("AUTO")) {
      return BEST_FIRST;
    }
    return wanted.equals("DIRECTORY") ? List.of() : List.of(ProviderName.valueOf(wanted));
  }

  private List<String> reasons(long inodeLimit) {
    List<String> reasons = new ArrayList<>();
    for (ProviderName candidate : candidates()) {
      StorageProvider provider = byName.get(candidate);
      provider.unavailable().ifPresent(why -> reasons.add(candidate.text() + ": " + why));
      if (inodeLimit > 0 && !provider.limitsInodes()) {
        reasons.add(candidate.text() + ": does not limit inodes");
      }
    }
    return reasons;
  }
}
