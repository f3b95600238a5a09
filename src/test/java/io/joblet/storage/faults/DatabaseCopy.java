package io.joblet.storage.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of an embedded database as they were at a moment, as a snapshot of its disk has them.
 */
final class DatabaseCopy {
  private final Path data;
  private final Path copy;

  private DatabaseCopy(Path data, Path copy) {
    this.data = data;
    this.copy = copy;
  }

  /** Whoever works on them stands still meanwhile. */
  static DatabaseCopy of(Installation installation) throws IOException, InterruptedException {
    Path data = installation.postgres().resolve("data");
    Path copy = Files.createTempDirectory(installation.postgres(), "copy").resolve("data");
    Standstill.of(
        Installation.workingIn(data),
        () -> Shell.run("cp", "-a", data.toString(), copy.toString()));
    // Of the server, and not of the data.
    Files.deleteIfExists(copy.resolve("postmaster.pid"));
    return new DatabaseCopy(data, copy);
  }

  /** In the place of what is there now, which nobody serves; once. */
  void putBack() throws IOException, InterruptedException {
    Shell.run("rm", "-r", data.toString());
    Files.move(copy, data);
    Files.delete(copy.getParent());
  }
}
