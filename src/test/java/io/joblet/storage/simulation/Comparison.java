package io.joblet.storage.simulation;

import io.joblet.storage.simulation.Simulation.Wrong;
import io.joblet.storage.volume.Capacity;
import io.joblet.storage.volume.VolumeType;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Holds rows, host, claims and model against each other while nothing is in between; one history's.
 */
final class Comparison {
  private final Map<Integer, Long> data = new HashMap<>();
  private final Map<String, String> told = new HashMap<>();

  /**
   * Those of the possible worlds that are what was found.
   *
   * @param explained differences of the host that may be
   * @throws Wrong if none is, or if anything else does not agree
   */
  Set<World> of(
      Rows.Seen seen,
      HostState host,
      Capacity capacity,
      Set<World> possible,
      Predicate<String> explained) {
    if (!seen.unsettled().isEmpty()) {
      throw new Wrong("still in between: " + seen.unsettled());
    }
    String visible = seen.world().visible();
    Set<World> found =
        possible.stream()
            .filter(w -> w.visible().equals(visible))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (found.isEmpty()) {
      throw new Wrong("rows are\n" + visible + "and may be\n" + shown(possible));
    }
    List<String> differences = Checks.host(seen, host).stream().filter(explained.negate()).toList();
    if (!differences.isEmpty()) {
      throw new Wrong("the host differs from the rows: " + differences);
    }
    claims(capacity, found.iterator().next());
    seen.volumes().forEach(v -> sameData(v, host));
    seen.answers().forEach((id, told) -> told(id, told.toString()));
    return found;
  }

  private static void claims(Capacity capacity, World world) {
    long memory = capacity.claimed(VolumeType.MEMORY);
    long disk = capacity.claimed(VolumeType.FILESYSTEM);
    if (memory != Model.memory(world) || disk != Model.disk(world)) {
      throw new Wrong(
          "claimed are "
              + memory
              + " of memory and "
              + disk
              + " of disk, and should be "
              + Model.memory(world)
              + " and "
              + Model.disk(world));
    }
  }

  /** A volume on disk keeps what was made for it at first. */
  private void sameData(Rows.Volume volume, HostState host) {
    host.entries.forEach((path, entry) -> {
      if (path.contains(volume.id().toString())
          && !List.of("directory", "file").contains(entry.kind())) {
        Long former = data.putIfAbsent(volume.serial(), entry.born());
        if (former != null && former != entry.born()) {
          throw new Wrong("the data of " + volume + " was made anew");
        }
      }
    });
  }

  /**
   * An answer that was heard or found written down stays as it is, ids and all.
   *
   * @return whether it was known before
   */
  boolean told(String requestId, String answer) {
    String former = told.putIfAbsent(requestId, answer);
    if (former != null && !former.equals(answer)) {
      throw new Wrong(requestId + " was answered " + former + " and then " + answer);
    }
    return former != null;
  }

  static String shown(Set<World> worlds) {
    return worlds.stream().map(World::visible).distinct().collect(Collectors.joining("or\n"));
  }
}
