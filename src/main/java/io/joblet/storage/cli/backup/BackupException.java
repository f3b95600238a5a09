package io.joblet.storage.cli.backup;

import java.io.IOException;

/** A backup cannot be made or put back; the message says why, and nothing was changed. */
public final class BackupException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The database is none of the daemon's own. */
  public static BackupException external() {
    return new BackupException(
        "the database is an external PostgreSQL; back it up and restore it by its own tools, such"
            + " as pg_dump and pg_restore");
  }

  BackupException(String message) {
    super(message);
  }
}
