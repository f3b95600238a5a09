package io.joblet.storage.cli.values;

import io.joblet.storage.v1.JobFilesystem;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code UID[:GID]}, whom a job runs as.
 *
 * @param gid null: the daemon's default
 */
public record JobUser(Id uid, Id gid) {

  /** Reads one; names are not looked up, since they may differ inside a job. */
  public static JobUser of(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length > 2) {
      throw new TypeConversionException("'" + text + "' is not UID[:GID]");
    }
    return new JobUser(Id.of(parts[0]), parts.length < 2 ? null : Id.of(parts[1]));
  }

  /** Writes it into a message. */
  void putInto(JobFilesystem.Builder filesystem) {
    filesystem.setUid(uid.message());
    if (gid != null) {
      filesystem.setGid(gid.message());
    }
  }
}
