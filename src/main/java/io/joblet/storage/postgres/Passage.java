package io.joblet.storage.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Explains the commonest reason why a server of another uid finds nothing. */
final class Passage {
  private Passage() {}

  /** Empty unless some directory above lets the uid not pass, as far as mode bits tell. */
  static String hint(PostgresDirectory directory, int uid) {
    for (Path above = directory.root(); above != null; above = above.getParent()) {
      try {
        Set<PosixFilePermission> mode =
            Files.getPosixFilePermissions(above, LinkOption.NOFOLLOW_LINKS);
        if (!mode.contains(PosixFilePermission.OTHERS_EXECUTE) && Durable.owner(above) != uid) {
          return "; uid " + uid + " may not pass through " + above + " (chmod o+x would let it)";
        }
      } catch (IOException unknown) {
        return "";
      }
    }
    return "";
  }
}
