package io.joblet.storage.postgres;

import static java.nio.file.attribute.PosixFilePermissions.fromString;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * PostgreSQL's programs, unpacked once for all installations of a test run: that takes longer than
 * all the rest of a first start.
 */
public final class SharedPrograms {
  private static Path unpacked;

  private SharedPrograms() {}

  /**
   * Links them to where the next start would unpack them.
   *
   * @param postgres the {@code postgres} of a state directory, with no programs in it yet
   */
  public static synchronized void into(Path postgres) throws IOException {
    if (unpacked == null) {
      unpacked = unpack();
    }
    for (Path directory : new Path[] {postgres.getParent(), postgres}) {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, fromString("rwx--x--x"));
    }
    try (Stream<Path> all = Files.walk(unpacked)) {
      for (Path from : (Iterable<Path>) all.skip(1)::iterator) {
        Path to = postgres.resolve(unpacked.relativize(from));
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
          Files.copy(from, to, LinkOption.NOFOLLOW_LINKS);
          Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        } else {
          Files.createLink(to, from);
        }
      }
    }
  }

  private static Path unpack() throws IOException {
    Path directory = TestPostgres.untilTheEnd("joblet-postgres-programs-");
    Distribution.unpack(new PostgresDirectory(directory));
    return directory;
  }
}
