package io.joblet.storage.service;

import static org.awaitility.Awaitility.await;

import io.joblet.storage.config.StorageConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the kernel has for the daemon under test, which is this process, beside mounts and the like.
 *
 * @param descriptors of this process by what they are; without sockets, of which clients and pools
 *     have as many as they like
 * @param threads of this process that work on the host or for jobs, by their names
 * @param children of this process, zombies included, by their names
 * @param cgroups what there is of this daemon in all hierarchies
 * @param runs state directories of jobs
 */
record HostFootprint(
    Map<String, Long> descriptors,
    Map<String, Long> threads,
    Map<String, Long> children,
    List<String> cgroups,
    List<String> runs) {
  private static final Path SELF = Path.of("/proc/self");

  static HostFootprint of(StorageConfig config) {
    return new HostFootprint(
        counted(names(SELF.resolve("fd")).map(HostFootprint::kind).filter(k -> !k.isEmpty())),
        counted(
            names(SELF.resolve("task"))
                .map(t -> read(SELF.resolve("task/" + t + "/comm")))
                .filter(n -> n.startsWith("host-") || n.startsWith("job-"))),
        counted(ofOurs().map(p -> read(Path.of("/proc", p, "comm")))),
        cgroups(config),
        names(Path.of(config.stateDirectory(), "jobs")).sorted().toList());
  }

  /** Once two looks in succession are the same: what has ended has been taken away by then. */
  static HostFootprint settled(StorageConfig config) {
    HostFootprint[] last = {of(config)};
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          HostFootprint now = of(config);
          boolean same = now.equals(last[0]);
          last[0] = now;
          return same;
        });
    return last[0];
  }

  private static String kind(String descriptor) {
    try {
      String target = Files.readSymbolicLink(SELF.resolve("fd/" + descriptor)).toString();
      boolean passing = target.startsWith("socket:") || target.startsWith("/proc/");
      return passing ? "" : target.replaceFirst("^pipe:.*", "pipe");
    } catch (IOException closed) {
      return "";
    }
  }

  private static Stream<String> ofOurs() {
    String self = Long.toString(ProcessHandle.current().pid());
    return names(Path.of("/proc"))
        .filter(p -> p.chars().allMatch(Character::isDigit))
        .filter(p -> {
          String status = read(Path.of("/proc", p, "stat"));
          return status.replaceFirst("^.*\\) . (\\d+) .*", "$1").equals(self);
        });
  }

  /** All that is in this daemon's directory of any hierarchy, and that directory. */
  private static List<String> cgroups(StorageConfig config) {
    byte[] place = config.volumesDirectory().getBytes(StandardCharsets.UTF_8);
    String home = "joblet-" + UUID.nameUUIDFromBytes(place).toString().substring(0, 8);
    return read(SELF.resolve("mountinfo"))
        .lines()
        .filter(line -> line.contains(" - cgroup"))
        .map(line -> Path.of(line.split(" ", -1)[4], home))
        .filter(Files::isDirectory)
        .flatMap(h -> Stream.concat(Stream.of("."), names(h)).map(n -> h + "/" + n))
        .sorted()
        .toList();
  }

  private static Stream<String> names(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(e -> e.getFileName().toString()).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException gone) {
      return "";
    }
  }

  private static Map<String, Long> counted(Stream<String> items) {
    return items.collect(Collectors.groupingBy(i -> i, TreeMap::new, Collectors.counting()));
  }
}
