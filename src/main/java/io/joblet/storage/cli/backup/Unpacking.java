package io.joblet.storage.cli.backup;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Unpacks what {@link Contents} has looked through: {@code pgpass} of root's and {@code data} of
 * the server's uid.
 */
final class Unpacking implements Entries {
  private final Path directory;
  private final OptionalInt uidHere;
  private int uid;

  private Unpacking(Path directory, OptionalInt uidHere) {
    this.directory = directory;
    this.uidHere = uidHere;
  }

  /**
   * Makes the directory; all is on stable storage when this returns.
   *
   * @param uidHere the server's on this host, which may be another one than in the backup
   */
  static void of(Path backup, Path directory, OptionalInt uidHere) throws IOException {
    Durably.makeDirectory(directory);
    Archive.read(backup, new Unpacking(directory, uidHere));
    Durably.syncDirectories(directory);
  }

  @Override
  public void owner(int there) {
    uid = uidHere.orElse(there);
  }

  @Override
  public void directory(String name) throws IOException {
    Path to = directory.resolve(name);
    Durably.makeDirectory(to);
    Durably.own(to, uid);
  }

  @Override
  public void file(String name, long size, DataInputStream content) throws IOException {
    Path to = directory.resolve(name);
    Durably.write(to, content, size);
    if (!name.equals("pgpass")) {
      Durably.own(to, uid);
    }
  }
}
