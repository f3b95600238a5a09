package io.joblet.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that are wholly there or not at all, also after a power cut. */
final class Durable {
  private Durable() {}

  /**
   * Replaces a file: written beside it with its final mode, synced, renamed, and the directory
   * synced. After a crash the file has either its old or its new content.
   */
  static void write(Path file, String content, String mode) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = UTF_8.encode(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString(mode));
      channel.force(true);
    }
    publish(beside, file);
  }

  /** Renames and syncs the directory that holds the new name; what is renamed is synced before. */
  static void publish(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    sync(to.getParent());
  }

  static void sync(Path fileOrDirectory) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrDirectory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Makes the directory if it is missing, and gives it the mode and owner, whatever they were.
   * Refuses a symbolic link in its place.
   */
  static void directory(Path directory, String mode, int uid) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    own(directory, uid);
  }

  /** Makes what is missing of the way there, each with this mode whatever the umask is. */
  static void directories(Path directory, Set<PosixFilePermission> mode) throws IOException {
    if (!Files.isDirectory(directory)) {
      directories(directory.getParent(), mode);
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, mode);
    }
  }

  static void own(Path path, int uid) throws IOException {
    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
  }

  static int owner(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /** Deletes a tree of our own making; follows no link. Nothing there is fine. */
  static void deleteTree(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
