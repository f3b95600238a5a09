package io.joblet.storage.cli.backup;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

/** Files and directories that are on stable storage when a method returns. */
final class Durably {
  private Durably() {}

  /** Where an entry goes: {@code pgpass}, {@code data}, or below the latter. */
  static Path within(Path directory, String name) throws IOException {
    Path to = directory.resolve(name).normalize();
    boolean expected = name.equals("pgpass") || name.equals("data") || name.startsWith("data/");
    if (!expected
        || !to.startsWith(directory)
        || !directory.relativize(to).toString().equals(name)) {
      throw new BackupException("the backup has an entry '" + name + "', which is none of its own");
    }
    return to;
  }

  static void makeDirectory(Path directory) throws IOException {
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  static void write(Path file, DataInputStream from, long size) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      for (long left = size; left > 0; ) {
        int some = (int) Math.min(buffer.length, left);
        from.readFully(buffer, 0, some);
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, some);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        left -= some;
      }
      channel.force(true);
    }
  }

  static void own(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static void syncDirectories(Path top) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path directory : (Iterable<Path>) all.filter(Files::isDirectory)::iterator) {
        sync(directory);
      }
    }
  }
}
