package io.joblet.storage.cli.backup;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
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

  static void makeDirectory(Path directory) throws IOException {
    Files.createDirectory(
        directory,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /**
   * Makes a file that was not there, for its owner alone.
   *
   * @throws java.nio.file.FileAlreadyExistsException when it was
   */
  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  static void write(Path file, DataInputStream from, long size) throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (FileChannel channel = create(file)) {
      for (long left = size; left > 0; ) {
        int some = (int) Math.min(buffer.length, left);
        from.readFully(buffer, 0, some);
        write(channel, ByteBuffer.wrap(buffer, 0, some), file);
        left -= some;
      }
      channel.force(true);
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes, Path file) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw at(file, e);
    }
  }

  /** The same, with the file that it is about, which reading and writing do not name. */
  static IOException at(Path file, IOException e) {
    if (e instanceof FileSystemException || e instanceof BackupException) {
      return e;
    }
    FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
    named.initCause(e);
    return named;
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
