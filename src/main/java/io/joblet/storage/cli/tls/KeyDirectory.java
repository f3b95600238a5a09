package io.joblet.storage.cli.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that are written once: what is there is never changed, but by {@link #replace}. */
record KeyDirectory(Path path) {
  /** Makes the directory, 0700, if it is not there. */
  void make() throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  KeyDirectory below(String name) {
    return new KeyDirectory(path.resolve(name));
  }

  boolean has(String name) {
    return Files.exists(path.resolve(name), LinkOption.NOFOLLOW_LINKS);
  }

  String read(String name) throws IOException {
    return Files.readString(path.resolve(name));
  }

  /** For everybody to read. */
  Path write(String name, String text) throws IOException {
    return write(name, text, "rw-r--r--");
  }

  /** For everybody to read, in the place of what is there, as one step. */
  Path replace(String name, String text) throws IOException {
    String fresh = name + ".new";
    Files.deleteIfExists(path.resolve(fresh));
    return Files.move(write(fresh, text), path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** For the owner alone, from the first byte on. */
  Path writeSecret(String name, String text) throws IOException {
    return write(name, text, "rw-------");
  }

  private Path write(String name, String text, String permissions) throws IOException {
    Path file = path.resolve(name);
    try (ByteChannel channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    return file;
  }
}
