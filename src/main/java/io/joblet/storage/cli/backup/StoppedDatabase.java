package io.joblet.storage.cli.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The directory of the embedded database, which no daemon works on and none can begin to: the lock
 * that a daemon takes is held until this is closed.
 */
final class StoppedDatabase implements AutoCloseable {
  private final Path directory;
  private final FileChannel lock;

  private StoppedDatabase(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Takes the lock.
   *
   * @param stateDirectory {@code joblet.state-directory}
   * @throws BackupException when there is no embedded database, or a daemon or its PostgreSQL runs
   */
  static StoppedDatabase hold(Path stateDirectory) throws IOException {
    Path directory = stateDirectory.toAbsolutePath().normalize().resolve("postgres");
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new BackupException(
          directory
              + " does not exist: no embedded database has been there. An external PostgreSQL is"
              + " backed up by its own tools, such as pg_dump");
    }
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    StoppedDatabase stopped = new StoppedDatabase(directory, channel);
    try {
      if (!taken(channel)) {
        throw new BackupException("the daemon runs on " + directory + "; stop it first");
      }
      stopped.refuseServer();
      return stopped;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean taken(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException byThisProcess) {
      return false;
    }
  }

  /** One whose daemon was killed still works for a moment, with its directory as its own. */
  private void refuseServer() throws IOException {
    Path file = data().resolve("postmaster.pid");
    if (!Files.exists(file)) {
      return;
    }
    String pid = Files.readString(file).lines().findFirst().orElse("");
    Path cwd = Path.of("/proc").resolve(pid.matches("[0-9]{1,10}") ? pid : "0").resolve("cwd");
    if (Files.isSymbolicLink(cwd) && Files.readSymbolicLink(cwd).equals(data().toRealPath())) {
      throw new BackupException("its PostgreSQL (process " + pid + ") still runs; try again");
    }
  }

  /**
   * Refuses what cannot be copied by its files alone.
   *
   * @throws BackupException when it is not whole, or was not shut down in an orderly way
   */
  void refuseUnfit() throws BackupException {
    for (String name : Contents.DEMANDED) {
      Path file = directory.resolve(name);
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new BackupException(file + " is no file: there is no whole database");
      }
    }
    Path pid = data().resolve("postmaster.pid");
    if (Files.exists(pid, LinkOption.NOFOLLOW_LINKS)) {
      throw new BackupException(
          pid
              + " is there: the database was not shut down. Start the daemon and stop it once"
              + " before; where it cannot start, see docs/recovery.md");
    }
  }

  /** The server's uid on this host, as the last start has left it; none where none was. */
  OptionalInt uid() throws IOException {
    Path log = directory.resolve("log");
    if (!Files.isDirectory(log, LinkOption.NOFOLLOW_LINKS)) {
      return OptionalInt.empty();
    }
    int uid = (Integer) Files.getAttribute(log, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return uid == 0 ? OptionalInt.empty() : OptionalInt.of(uid);
  }

  Path directory() {
    return directory;
  }

  Path data() {
    return directory.resolve("data");
  }

  Path passwords() {
    return directory.resolve("pgpass");
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
