package io.joblet.storage.host.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** The cgroups of a host of a test, looked at without the code under test. */
final class TestCgroups {
  private final String home;

  TestCgroups(LinuxHostSettings settings) {
    this.home = settings.cgroupName();
  }

  /** The daemon's directory in each hierarchy that has one. */
  List<Path> homes() {
    return MountTable.read().stream()
        .filter(mount -> mount.type().startsWith("cgroup"))
        .map(mount -> Path.of(mount.target(), home))
        .filter(Files::isDirectory)
        .toList();
  }

  /** The job's directory in each hierarchy that has one. */
  List<Path> of(UUID job) {
    return homes().stream().map(h -> h.resolve(job.toString())).filter(Files::exists).toList();
  }

  /** The text of a file in whichever hierarchy has it. */
  String read(UUID job, String file) {
    Path found =
        of(job).stream().map(d -> d.resolve(file)).filter(Files::exists).findFirst().orElseThrow();
    return text(found);
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends what is in them and removes them; says what was left. */
  List<String> clear() {
    List<String> left = new ArrayList<>();
    for (Path own : homes()) {
      for (Path job : directories(own)) {
        left.add(job.toString());
        text(job.resolve("cgroup.procs")).lines().forEach(pid -> Shell.run("kill", "-9", pid));
        Eventually.isTrue(job + " goes", () -> Shell.run("rmdir", job.toString()).exit() == 0);
      }
      left.add(own.toString());
      Shell.run("rmdir", own.toString());
    }
    return left;
  }

  private static List<Path> directories(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(Files::isDirectory).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
