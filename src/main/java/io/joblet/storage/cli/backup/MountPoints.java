package io.joblet.storage.cli.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What something is mounted on, which the kernel does not rename: proc_pid_mountinfo(5). */
final class MountPoints {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT = 4;

  private MountPoints() {}

  /**
   * Whether this is one.
   *
   * @param path a real one
   */
  static boolean have(Path path) throws IOException {
    String written =
        path.toString()
            .replace("\\", "\\134")
            .replace(" ", "\\040")
            .replace("\t", "\\011")
            .replace("\n", "\\012");
    return new String(Files.readAllBytes(TABLE), UTF_8)
        .lines()
        .map(line -> line.split(" ", -1))
        .anyMatch(fields -> fields.length > MOUNT_POINT && fields[MOUNT_POINT].equals(written));
  }
}
