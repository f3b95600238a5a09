package io.joblet.storage.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Takes the daemon's steps by the strings of paths, as a program does that trusts its place. */
final class NaiveDaemon {
  private final Path volumes;
  private final Path jobs;

  NaiveDaemon(Path directory) throws IOException {
    volumes = directory.resolve("volumes");
    jobs = directory.resolve("jobs");
    for (String hidden : List.of(".images", ".records", ".trash")) {
      Files.createDirectories(volumes.resolve(hidden));
    }
    Files.createDirectories(jobs);
  }

  List<Path> roots() {
    return List.of(volumes, jobs);
  }

  /** One volume from its creation to its end, as far as nothing is in the way. */
  void life(String name) {
    try {
      Path volume = Files.createDirectory(volumes.resolve(name));
      Files.setPosixFilePermissions(volume, PosixFilePermissions.fromString("rwxr-x---"));
      Files.writeString(volumes.resolve(".records").resolve(name + ".json"), "{}");
      Files.writeString(volumes.resolve(".images").resolve(name + ".ext4"), "an image");
      Files.createDirectories(jobs.resolve(name).resolve("data"));
      Files.writeString(volume.resolve("file"), "of the job");
      purge(jobs.resolve(name));
      Path trashed = volumes.resolve(".trash").resolve(name);
      Files.move(volume, trashed);
      purge(trashed);
      Files.delete(volumes.resolve(".records").resolve(name + ".json"));
      Files.delete(volumes.resolve(".images").resolve(name + ".ext4"));
    } catch (IOException | UncheckedIOException inTheWay) {
      // So is the daemon's call refused.
    }
  }

  private static void purge(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path one : all.toList().reversed()) {
        Files.delete(one);
      }
    }
  }
}
