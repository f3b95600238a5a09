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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code /etc} of jobs: users that exist nowhere else, and copies of what programs of the host
 * need to run. Only what everybody may read is copied, and what is no longer there to be copied
 * goes: a certificate that is not to be trusted any more, for one.
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

  private final Path source;
  private final Path directory;
  private final Set<Path> wanted = new HashSet<>();

  private EtcFiles(Path source, Path directory) {
    this.source = source;
    this.directory = directory;
  }

  /**
   * A symlink at the top of the source is followed, so nobody but root may have put it there.
   *
   * @throws io.joblet.storage.host.HostException if it can be changed by others than root
   * @throws KernelRefusal if it is no directory
   */
  static void requireSource(Path source) {
    try {
      RootDirectories.requireRootsAlone(source);
    } catch (KernelRefusal e) {
      throw e.because("the /etc of jobs is copied from " + source);
    }
  }

  /** Makes or refreshes it; who is killed half way leaves it to the next. */
  static void make(Path source, Path directory) {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      RootDirectories.make(directory);
    }
    try {
      new EtcFiles(source, directory).make();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the /etc of jobs", e);
    }
  }

  private void make() throws IOException {
    directory(directory);
    for (Map.Entry<String, String> file : WRITTEN.entrySet()) {
      write(directory.resolve(file.getKey()), file.getValue());
    }
    for (String name : COPIED) {
      copy(source.resolve(name), directory.resolve(name));
    }
    removeUnwanted(directory);
  }

  private void write(Path file, String text) throws IOException {
    wanted.add(file);
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    Path next = next(file);
    Files.writeString(next, text);
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What is a symlink itself, as resolv.conf often is, leads out of /etc and is followed. */
  private void copy(Path from, Path to) throws IOException {
    if (!Files.exists(from)) {
      return;
    }
    directory(to.getParent());
    Path top = from.toRealPath();
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes)
              throws IOException {
            directory(copyOf(found));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path found, BasicFileAttributes attributes)
              throws IOException {
            copyFile(found, copyOf(found), attributes);
            return FileVisitResult.CONTINUE;
          }

          private Path copyOf(Path found) {
            return to.resolve(top.relativize(found).toString());
          }
        });
  }

  private void copyFile(Path found, Path copy, BasicFileAttributes attributes) throws IOException {
    if (attributes.isSymbolicLink()) {
      link(copy, Files.readSymbolicLink(found));
      return;
    }
    boolean openToAll =
        Files.getPosixFilePermissions(found).contains(PosixFilePermission.OTHERS_READ);
    if (!attributes.isRegularFile() || !openToAll) {
      return;
    }
    wanted.add(copy);
    if (Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)
        && Files.size(copy) == attributes.size()
        && Files.getLastModifiedTime(copy).equals(attributes.lastModifiedTime())) {
      return;
    }
    makeWay(copy);
    Path next = next(copy);
    Files.copy(
        found, next, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(next, copy, StandardCopyOption.ATOMIC_MOVE);
  }

  private void link(Path copy, Path target) throws IOException {
    wanted.add(copy);
    if (!Files.isSymbolicLink(copy) || !Files.readSymbolicLink(copy).equals(target)) {
      makeWay(copy);
      Files.deleteIfExists(copy);
      Files.createSymbolicLink(copy, target);
    }
  }

  private void directory(Path copy) throws IOException {
    wanted.add(copy);
    if (!Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(copy);
      Files.createDirectory(copy);
    }
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** For what has been a directory. */
  private void makeWay(Path copy) throws IOException {
    if (Files.isDirectory(copy, LinkOption.NOFOLLOW_LINKS)) {
      wanted.remove(copy);
      removeUnwanted(copy);
      wanted.add(copy);
    }
  }

  private void removeUnwanted(Path top) throws IOException {
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path found, BasicFileAttributes attributes)
              throws IOException {
            return remove(found);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path found, IOException failure)
              throws IOException {
            return remove(found);
          }

          private FileVisitResult remove(Path found) throws IOException {
            if (!wanted.contains(found)) {
              Files.delete(found);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** What is written before it takes the place of a file. */
  private static Path next(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }
}
