package io.joblet.storage.host.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Where a {@link LinuxHost} works and with what. Every path is absolute.
 *
 * @param volumesDirectory becomes the volumes root
 * @param jobsDirectory becomes the jobs root; neither of the two lies below the other
 * @param poolImage the file that is made and mounted when the volumes directory is not on btrfs
 * @param poolImageBytes its size, allocated at once; btrfs needs at least 109 MiB
 * @param providerChoice {@code auto}, {@code btrfs}, {@code loop} or {@code directory}; only the
 *     first two make a pool, and only {@code btrfs} insists on one
 * @param stateDirectory where {@code jobs} and {@code shim} are made: output of jobs, and the
 *     program that supervises them
 * @param helperTimeout longest run of a program such as mkfs.ext4
 * @param runDirectory holds the lock; on a file system that does not outlive a reboot
 * @param etcDirectory what the {@code /etc} of jobs is copied from; root's, and nobody else can
 *     change it
 */
public record LinuxHostSettings(
    Path volumesDirectory,
    Path jobsDirectory,
    Path poolImage,
    long poolImageBytes,
    String providerChoice,
    Path stateDirectory,
    Duration helperTimeout,
    Path runDirectory,
    Path etcDirectory) {

  public LinuxHostSettings {
    requireAbsolute(volumesDirectory, "volumes directory");
    requireAbsolute(jobsDirectory, "jobs directory");
    requireAbsolute(poolImage, "pool image");
    requireAbsolute(stateDirectory, "state directory");
    requireAbsolute(runDirectory, "run directory");
    requireAbsolute(etcDirectory, "etc directory of jobs");
    if (volumesDirectory.startsWith(jobsDirectory) || jobsDirectory.startsWith(volumesDirectory)) {
      throw new IllegalArgumentException("volumes and jobs directories must lie apart");
    }
    switch (providerChoice) {
      case "auto", "btrfs", "loop", "directory" -> {}
      default ->
          throw new IllegalArgumentException(
              "provider must be auto, btrfs, loop or directory, was '" + providerChoice + "'");
    }
  }

  /** Output and exit records of jobs, a directory each. */
  Path runsDirectory() {
    return stateDirectory.resolve("jobs");
  }

  Path shimDirectory() {
    return stateDirectory.resolve("shim");
  }

  /**
   * The directory of this daemon in each hierarchy of cgroups, e.g. {@code joblet-1a2b3c4d}. It
   * follows from the volumes directory, which no two daemons share, so that none ever finds the
   * cgroups of another.
   */
  String cgroupName() {
    UUID name =
        UUID.nameUUIDFromBytes(volumesDirectory.toString().getBytes(StandardCharsets.UTF_8));
    return "joblet-" + name.toString().substring(0, 8);
  }

  boolean wantsPool() {
    return providerChoice.equals("auto") || insistsOnPool();
  }

  boolean insistsOnPool() {
    return providerChoice.equals("btrfs");
  }

  private static void requireAbsolute(Path path, String what) {
    if (!path.isAbsolute() || !path.equals(path.normalize())) {
      throw new IllegalArgumentException(
          what + " must be an absolute path without '.' and '..', was " + path);
    }
  }
}
