package io.joblet.storage.faults;

/** Of operations on volumes that are plain directories, whose size nothing enforces. */
class DirectoryKillsIT extends KillsOf {
  private static final int SHORT_FORM = 1;

  DirectoryKillsIT() {
    super(
        Scenario.onDirectories(),
        SHORT_FORM,
        Installation.DIRECTORIES,
        "-Djoblet.filesystem.allow-unenforced=true");
  }
}
