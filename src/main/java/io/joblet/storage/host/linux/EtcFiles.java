package io.joblet.storage.host.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * The {@code /etc} of jobs: users that exist nowhere else, and copies of what programs of the host
 * need to run. Only what everybody may read on the host is copied.
 */
final class EtcFiles {
  private static final Map<String, String> WRITTEN =
      Map.of(
          "passwd",
          """
          root:x:0:0:root:/work:/bin/sh
          nobody:x:65534:65534:nobody:/work:/bin/sh
          """,
          "group",
          """
          root:x:0:
          tty:x:5:
          nogroup:x:65534:
          """,
          "hosts",
          """
          127.0.0.1 localhost
          ::1 localhost
          """,
          "nsswitch.conf",
          """
          passwd: files
          group: files
          hosts: files dns
          """);

  /** Without these, awk, the loader, TLS and time zones are not what they are on the host. */
  private static final List<String> COPIED =
      List.of(
          "alternatives",
          "ld.so.cache",
          "ld.so.conf",
          "ld.so.conf.d",
          "localtime",
          "protocols",
          "resolv.conf",
          "services",
          "ssl/certs");

  private EtcFiles() {}

  static void make(Path directory) {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      RootDirectories.make(directory);
    }
    try {
      open(directory);
      for (Map.Entry<String, String> file : WRITTEN.entrySet()) {
        write(directory.resolve(file.getKey()), file.getValue());
      }
      for (String name : COPIED) {
        copy(Path.of("/etc").resolve(name), directory.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the /etc of jobs", e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(next, text);
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(to.getParent())) {
      Files.createDirectory(to.getParent());
      open(to.getParent());
    }
    Files.walkFileTree(
        // A symlink at the top, as resolv.conf often is, leads out of /etc and is followed.
        Files.isDirectory(from) ? from : from.toRealPath(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes)
              throws IOException {
            Path copy = to.resolve(from.relativize(found).toString());
            if (!Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
              Files.createDirectory(copy);
            }
            open(copy);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path found, BasicFileAttributes attributes)
              throws IOException {
            Path copy =
                Files.isDirectory(from) ? to.resolve(from.relativize(found).toString()) : to;
            copyFile(found, copy, attributes);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void copyFile(Path found, Path copy, BasicFileAttributes attributes)
      throws IOException {
    if (attributes.isSymbolicLink()) {
      Path target = Files.readSymbolicLink(found);
      if (!Files.isSymbolicLink(copy) || !Files.readSymbolicLink(copy).equals(target)) {
        Files.deleteIfExists(copy);
        Files.createSymbolicLink(copy, target);
      }
      return;
    }
    boolean openToAll =
        Files.getPosixFilePermissions(found).contains(PosixFilePermission.OTHERS_READ);
    if (!attributes.isRegularFile() || !openToAll) {
      return;
    }
    if (Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)
        && Files.size(copy) == attributes.size()
        && Files.getLastModifiedTime(copy).equals(attributes.lastModifiedTime())) {
      return;
    }
    Path next = copy.resolveSibling(copy.getFileName() + ".new");
    Files.copy(
        found, next, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(next, copy, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void open(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
