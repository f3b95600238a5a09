package io.joblet.storage.cli.values;

import io.joblet.storage.v1.JobFilesystem;
import picocli.CommandLine.Option;

/** The root file system of a job and whom it belongs to. Mixed into what makes one. */
public final class FilesystemOptions {
  @Option(
      names = "--rootfs",
      paramLabel = "auto|host|minimal|DIR",
      description = {
        "Where its programs come from: the host's /usr, a static busybox, or an absolute directory",
        "of the host, all read-only. auto is host where a job can use that, else minimal."
      })
  Root root;

  @Option(
      names = "--work-size",
      paramLabel = "SIZE",
      description = "Of /work, in memory; default the configured one.")
  Bytes work;

  @Option(names = "--tmp-size", paramLabel = "SIZE", description = "Of /tmp, likewise.")
  Bytes tmp;

  @Option(names = "--shm-size", paramLabel = "SIZE", description = "Of /dev/shm, likewise.")
  Bytes shm;

  @Option(
      names = "--user",
      paramLabel = "UID[:GID]",
      description = "Whose /work is and whom the command runs as; default 65534:65534.")
  JobUser user;

  /** Whether any of it was said. */
  public boolean areGiven() {
    return root != null || work != null || tmp != null || shm != null || user != null;
  }

  /** Whether it was said where the programs come from. */
  public boolean hasRoot() {
    return root != null;
  }

  /** As the messages carry it; what was not given is the daemon's to choose. */
  public JobFilesystem message() {
    JobFilesystem.Builder filesystem =
        JobFilesystem.newBuilder()
            .setWorkSizeBytes(Bytes.message(work))
            .setTmpSizeBytes(Bytes.message(tmp))
            .setShmSizeBytes(Bytes.message(shm));
    if (root != null) {
      root.putInto(filesystem);
    }
    if (user != null) {
      user.putInto(filesystem);
    }
    return filesystem.build();
  }
}
