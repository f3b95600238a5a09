package io.joblet.storage.cli.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts another database and its passwords in the place of those that are there: both or neither.
 *
 * <p>What comes lies in {@code restoring}, and what was there goes into {@code restoring/former}.
 * While that directory is there, no daemon starts, and {@link #takeBack} makes everything as it was
 * from wherever a kill came: whatever has left {@code restoring} lies in the database's place.
 */
final class Exchange {
  /** The data first: it is what most often cannot be moved, and then nothing was. */
  private static final List<String> NAMES = List.of("data", "pgpass");

  private final Path directory;
  private final Path former;

  Exchange(Path directory) {
    this.directory = directory;
    this.former = fresh().resolve("former");
  }

  /** Where that is unpacked which is to come. */
  Path fresh() {
    return directory.resolve("restoring");
  }

  /** Whether the database and the passwords may belong to different ones. */
  boolean isHalfDone() {
    return isThere(former);
  }

  /**
   * Refuses, before anything is done, what is known to be in the way.
   *
   * @param kept the directory that the former database is to lie in
   */
  void refuseWhatIsInTheWay(Path kept) throws IOException {
    for (String name : NAMES) {
      Path place = directory.resolve(name);
      if (MountPoints.have(directory.toRealPath().resolve(name))) {
        throw new BackupException(
            place + " is a mount point, which cannot be put aside; unmount it first");
      }
    }
    if (isThere(kept)) {
      throw new BackupException(kept + " exists and is not replaced; try again in a second");
    }
  }

  /**
   * Exchanges; when it fails, {@link #takeBack} is to be called, and else {@link #tidyUp}.
   *
   * @return {@code kept}, unless there was nothing to keep
   */
  Optional<Path> apply(Path kept) throws IOException {
    Durably.makeDirectory(former);
    Durably.sync(fresh());
    boolean any = false;
    for (String name : NAMES) {
      any |= moveIfThere(directory.resolve(name), former.resolve(name));
    }
    for (String name : NAMES.reversed()) {
      move(fresh().resolve(name), directory.resolve(name));
    }
    // The last that can fail: a kill from then on leaves nothing half done.
    if (any) {
      Files.move(former, kept, StandardCopyOption.ATOMIC_MOVE);
      return Optional.of(kept);
    }
    Files.delete(former);
    return Optional.empty();
  }

  /**
   * What is left to do once the exchange is done.
   *
   * @return what of it failed, if any did
   */
  Optional<String> tidyUp() {
    try {
      Durably.sync(directory);
      Durably.sync(fresh());
      deleteTree(fresh());
      Durably.sync(directory);
      return Optional.empty();
    } catch (IOException | UncheckedIOException e) {
      return Optional.of(
          fresh() + " could not be removed, or not everything made durable: " + e.getMessage());
    }
  }

  /** Makes everything as it was before {@link #apply}; also when that has not begun. */
  void takeBack() throws IOException {
    if (isHalfDone()) {
      for (String name : NAMES) {
        if (!isThere(fresh().resolve(name))) {
          moveIfThere(directory.resolve(name), fresh().resolve(name));
        }
        moveIfThere(former.resolve(name), directory.resolve(name));
      }
      // Not with all that is in it: somebody's only database could be.
      Files.delete(former);
    }
    deleteTree(fresh());
    Durably.sync(directory);
  }

  private static boolean moveIfThere(Path from, Path to) throws IOException {
    boolean there = isThere(from);
    if (there) {
      move(from, to);
    }
    return there;
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Durably.sync(to.getParent());
    Durably.sync(from.getParent());
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** What was unpacked is in the backup too. */
  private static void deleteTree(Path tree) throws IOException {
    if (!isThere(tree)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
