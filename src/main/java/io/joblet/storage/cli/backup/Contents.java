package io.joblet.storage.cli.backup;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Looks through a backup before anything of it is written: what it has, and how much that is. */
final class Contents implements Entries {
  /** Without these there is no database. */
  static final List<String> DEMANDED =
      List.of("pgpass", "data/PG_VERSION", "data/global/pg_control");

  private static final int BLOCK = 4096;

  private final Path backup;
  private final Set<String> directories = new HashSet<>();
  private final Set<String> files = new HashSet<>();
  private long bytes;

  private Contents(Path backup) {
    this.backup = backup;
  }

  /**
   * Of a backup that is whole by its checksum.
   *
   * @throws BackupException when it holds no whole database, or anything else
   */
  static Contents of(Path backup) throws IOException {
    Contents contents = new Contents(backup);
    Archive.read(backup, contents);
    for (String name : DEMANDED) {
      if (!contents.files.contains(name)) {
        throw new BackupException(
            backup + " holds no whole database: it has no file '" + name + "'");
      }
    }
    return contents;
  }

  /** What it takes on a disk, as most file systems count. */
  long bytes() {
    return bytes;
  }

  @Override
  public void owner(int uid) {}

  @Override
  public void directory(String name) throws IOException {
    place(name);
    directories.add(name);
    bytes += BLOCK;
  }

  @Override
  public void file(String name, long size, DataInputStream content) throws IOException {
    place(name);
    files.add(name);
    content.skipNBytes(size);
    bytes += Math.ceilDiv(size, BLOCK) * BLOCK;
  }

  private void place(String name) throws IOException {
    boolean expected = name.equals("pgpass") || name.equals("data") || name.startsWith("data/");
    if (!expected || !Path.of("/", name).normalize().toString().equals("/" + name)) {
      throw new BackupException(backup + " has an entry '" + name + "', which is none of its own");
    }
    int slash = name.lastIndexOf('/');
    boolean hasPlace = slash < 0 || directories.contains(name.substring(0, slash));
    if (!hasPlace || directories.contains(name) || files.contains(name)) {
      throw new BackupException(
          backup + " was not written by rnx: it has an entry '" + name + "' out of place");
    }
  }
}
