package io.joblet.storage.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The cgroups of one installation's jobs, which outlive its daemons. */
final class Cgroups {
  private Cgroups() {}

  /** Its directory in each hierarchy that has one. */
  static List<Path> homes(Path volumes) throws IOException {
    List<Path> homes = new ArrayList<>();
    for (Path hierarchy : hierarchies()) {
      Path home = hierarchy.resolve(name(volumes));
      if (Files.isDirectory(home)) {
        homes.add(home);
      }
    }
    return homes;
  }

  static List<Path> hierarchies() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(" - cgroup"))
        .map(line -> Path.of(line.split(" ", -1)[4]))
        .toList();
  }

  /** As the daemon names its directory after that of its volumes. */
  static String name(Path volumes) {
    byte[] place = volumes.toString().getBytes(StandardCharsets.UTF_8);
    return "joblet-" + UUID.nameUUIDFromBytes(place).toString().substring(0, 8);
  }

  /** The daemon takes the directory away with the last of them. */
  static List<Path> jobs(Path home) throws IOException {
    try (Stream<Path> entries = Files.list(home)) {
      return entries.filter(Files::isDirectory).toList();
    } catch (NoSuchFileException gone) {
      return List.of();
    }
  }

  /** Ends what is in them and takes them away; no daemon may be there. */
  static void remove(Path volumes) throws IOException, InterruptedException {
    for (Path home : homes(volumes)) {
      for (Path job : jobs(home)) {
        for (String pid : Files.readAllLines(job.resolve("cgroup.procs"))) {
          Supervisors.kill(Long.parseLong(pid));
        }
        removed(job);
      }
      removed(home);
    }
  }

  /** What has just been killed is in it for a moment. */
  private static void removed(Path cgroup) {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> {
          Files.deleteIfExists(cgroup);
          return true;
        });
  }
}
