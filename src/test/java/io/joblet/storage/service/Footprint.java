package io.joblet.storage.service;

import io.joblet.storage.config.StorageConfig;
import io.joblet.storage.host.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All that the daemon has in the database and on the host; without what volumes contain. */
record Footprint(
    Map<String, Long> rows,
    Set<String> volumes,
    Set<String> jobs,
    List<String> mounts,
    List<String> loopDevices,
    Set<Long> qgroups) {
  private static final int DEEPEST_HIDDEN = 2;
  private static final int DEEPEST_MOUNT = 20;

  static Footprint of(Rows rows, Host host, StorageConfig config) {
    return new Footprint(
        rows.counts(),
        below(Path.of(config.volumesDirectory()), DEEPEST_HIDDEN),
        below(Path.of(config.jobsDirectory()), DEEPEST_MOUNT),
        host.mounts().stream().map(m -> m.target() + " " + m.device()).sorted().toList(),
        host.loopDevices().stream()
            .map(Host.LoopDevice::backingFile)
            .filter(f -> !f.endsWith("pool.btrfs"))
            .sorted()
            .toList(),
        host.qgroups().stream()
            .map(Host.Qgroup::id)
            .filter(id -> id >= 256)
            .collect(Collectors.toSet()));
  }

  /** Without the records of what was done, which are there whatever came of it. */
  Footprint withoutRecords() {
    Map<String, Long> rest = new HashMap<>(rows);
    rest.remove("host_operation");
    return new Footprint(rest, volumes, jobs, mounts, loopDevices, qgroups);
  }

  /**
   * The names in the volumes directory and in its hidden directories, and those of jobs; without
   * what the roots of all jobs share, which is made once and stays.
   */
  private static Set<String> below(Path root, int depth) {
    try (Stream<Path> found = Files.walk(root, depth)) {
      return found
          .map(root::relativize)
          .filter(p -> !p.startsWith(".base"))
          .filter(p ->
              p.getNameCount() == 1
                  || depth > DEEPEST_HIDDEN
                  || p.startsWith(".images")
                  || p.startsWith(".trash")
                  || p.startsWith(".records")
                  || p.startsWith(".quarantine"))
          .map(Path::toString)
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
