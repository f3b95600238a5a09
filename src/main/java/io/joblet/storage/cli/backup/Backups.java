package io.joblet.storage.cli.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;

/** Makes a backup of the embedded database of a stopped daemon, and puts one back. */
public final class Backups {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Path stateDirectory;

  /**
   * Those of one daemon.
   *
   * @param stateDirectory its {@code joblet.state-directory}
   */
  public Backups(Path stateDirectory) {
    this.stateDirectory = stateDirectory;
  }

  /**
   * Copies the database.
   *
   * @param file must not exist; 0600 and on stable storage when this returns
   * @return its size in bytes
   * @throws BackupException also when the database was not shut down in an orderly way
   */
  public long make(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new BackupException(file + " exists and is not replaced");
    }
    try (StoppedDatabase database = StoppedDatabase.hold(stateDirectory)) {
      if (!Files.isDirectory(database.data())) {
        throw new BackupException(database.data() + " does not exist: there is no database");
      }
      if (!database.isShutDown()) {
        throw new BackupException("the daemon was killed; start it and stop it once before");
      }
      Archive.write(database, file);
    }
    return Files.size(file);
  }

  /**
   * Puts a backup in the place of the database, which is kept beside it under another name, as are
   * its passwords. Interrupted anywhere, it can be called again.
   *
   * @return where the former database is; empty if there was none
   */
  public List<Path> putBack(Path file, Instant now) throws IOException {
    Archive.check(file);
    try (StoppedDatabase database = StoppedDatabase.hold(stateDirectory)) {
      Path fresh = database.directory().resolve("restoring");
      deleteTree(fresh);
      Durably.makeDirectory(fresh);
      Archive.unpack(file, fresh);
      String suffix = ".before-" + STAMP.format(now);
      List<Path> kept =
          Stream.of(database.data(), database.passwords())
              .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
              .map(path -> path.resolveSibling(path.getFileName() + suffix))
              .toList();
      for (Path to : kept) {
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
          throw new BackupException(to + " exists and is not replaced; try again in a second");
        }
      }
      // The data last: a start in between refuses data without passwords, and makes none anew.
      exchange(database.passwords(), fresh.resolve("pgpass"), suffix);
      exchange(database.data(), fresh.resolve("data"), suffix);
      Durably.sync(database.directory());
      Files.delete(fresh);
      return kept;
    }
  }

  private static void exchange(Path place, Path by, String suffix) throws IOException {
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
      Path aside = place.resolveSibling(place.getFileName() + suffix);
      Files.move(place, aside, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(by, place, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What an interrupted call has unpacked, which is in the backup too. */
  private static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
