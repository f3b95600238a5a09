package io.joblet.storage.job;

import io.joblet.storage.host.JobRoot;

/** Where a job's programs and libraries come from; see {@link JobRoot.Userland}. */
public enum Userland {
  HOST,
  MINIMAL,
  DIRECTORY;

  JobRoot.Userland onHost() {
    return switch (this) {
      case HOST -> JobRoot.Userland.HOST;
      case MINIMAL -> JobRoot.Userland.MINIMAL;
      case DIRECTORY -> JobRoot.Userland.DIRECTORY;
    };
  }
}
