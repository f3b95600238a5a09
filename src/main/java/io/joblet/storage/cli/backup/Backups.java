package io.joblet.storage.cli.backup;

import io.joblet.storage.config.Size;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

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
   * Copies the database. A kill leaves {@code FILE.unfinished}, which a call with the same name
   * refuses and names.
   *
   * @param file must not exist; 0600 and on stable storage when this returns
   * @return its size in bytes
   * @throws BackupException also when the database is not whole, or was not shut down in an orderly
   *     way
   */
  public long make(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new BackupException(file + " exists and is not replaced");
    }
    try (StoppedDatabase database = StoppedDatabase.hold(stateDirectory)) {
      if (new Exchange(database.directory()).isHalfDone()) {
        throw new BackupException("a restore was interrupted; call rnx admin restore again");
      }
      database.refuseUnfit();
      refuseBelow(database.data(), file);
      Archive.write(database, file);
    }
    return Files.size(file);
  }

  /** By what the directories are, since links and mounts lead there too. */
  private static void refuseBelow(Path data, Path file) throws IOException {
    Path above = file.toAbsolutePath().getParent().toRealPath();
    for (; above != null; above = above.getParent()) {
      if (Files.isSameFile(above, data)) {
        throw new BackupException(
            file + " would be in " + data + ", which is backed up; name one elsewhere");
      }
    }
  }

  /**
   * Puts a backup in the place of the database, which is kept beside it in a directory of its own,
   * with its passwords. When it fails, all is as it was. After a kill no daemon starts on what is
   * half done, and the next call begins by taking that back.
   *
   * @throws BackupException also when the file holds no whole database, or there is no room for it
   */
  public PutBack putBack(Path file, Instant now) throws IOException {
    Archive.check(file);
    Contents contents = Contents.of(file);
    try (StoppedDatabase database = StoppedDatabase.hold(stateDirectory)) {
      Exchange exchange = new Exchange(database.directory());
      exchange.takeBack();
      Path kept = database.directory().resolve("before-" + STAMP.format(now));
      exchange.refuseWhatIsInTheWay(kept);
      refuseWithoutRoom(database.directory(), file, contents.bytes());
      Optional<Path> former;
      try {
        Unpacking.of(file, exchange.fresh(), database.uid());
        former = exchange.apply(kept);
      } catch (IOException | RuntimeException e) {
        takeBackAfter(e, exchange);
        throw e;
      }
      return new PutBack(former, exchange.tidyUp());
    }
  }

  /**
   * A backup is in the place of the database.
   *
   * @param kept where the former database is; empty if there was none
   * @param untidy what could not be tidied up afterwards; empty if all was
   */
  public record PutBack(Optional<Path> kept, Optional<String> untidy) {}

  private static void refuseWithoutRoom(Path directory, Path file, long bytes) throws IOException {
    long room = Files.getFileStore(directory).getUsableSpace();
    if (bytes > room) {
      throw new BackupException(
          "%s has room for %s, but what is in %s takes %s"
              .formatted(directory, new Size(room).human(), file, new Size(bytes).human()));
    }
  }

  /** Where that fails too, a start refuses what it finds, and says to call this again. */
  private static void takeBackAfter(Exception failure, Exchange exchange) {
    try {
      exchange.takeBack();
    } catch (IOException | UncheckedIOException midway) {
      failure.addSuppressed(midway);
    }
  }
}
