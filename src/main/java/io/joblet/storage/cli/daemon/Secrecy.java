package io.joblet.storage.cli.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a file with a private key is its owner's alone. It is only warned of: a key that is
 * mounted into a container often is for a group to read, and nothing is won by not using it.
 */
final class Secrecy {
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private Secrecy() {}

  /** For people; empty if nobody else may read or write it. */
  static Optional<String> warning(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    return permissions.stream().noneMatch(OTHERS::contains)
        ? Optional.empty()
        : Optional.of(
            "rnx: warning: "
                + file
                + " has a private key and is open to others than its owner ("
                + PosixFilePermissions.toString(permissions)
                + "); chmod 600 it");
  }
}
