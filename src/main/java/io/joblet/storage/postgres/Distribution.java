package io.joblet.storage.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's own programs, from the archive on the class path, unpacked once per version.
 *
 * @param home directory with {@code bin/}, {@code lib/} and {@code share/}
 * @param version of the archive, such as {@code 18.6.0}
 */
record Distribution(Path home, String version) {
  private static final Set<PosixFilePermission> EXECUTABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rw-r--r--");
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String UNPACKING = ".unpacking";

  /**
   * Unpacks unless that was done before. A kill leaves only a directory that the next call removes;
   * the caller holds the {@link DirectoryLock}, so nobody else is at it.
   */
  static Distribution unpack(PostgresDirectory directory) throws IOException {
    String version = bundledVersion();
    Path home = directory.distribution(version);
    if (!Files.isDirectory(home)) {
      Path partial = home.resolveSibling(home.getFileName() + UNPACKING);
      Durable.deleteTree(partial);
      Durable.directory(partial, "rwxr-xr-x", 0);
      extract(partial);
      syncTree(partial);
      Durable.publish(partial, home);
    }
    Distribution distribution = new Distribution(home, version);
    distribution.removeFormer();
    return distribution;
  }

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  /** The first number of the version: data directories are compatible within it. */
  String major() {
    return majorOf(version);
  }

  private static String majorOf(String version) {
    return version.split("\\.", 2)[0];
  }

  private static String bundledVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Distribution.class.getResourceAsStream("distribution.properties")) {
      properties.load(in);
    }
    return properties.getProperty("version");
  }

  private static void extract(Path target) throws IOException {
    try (InputStream archive = Distribution.class.getResourceAsStream(ARCHIVE)) {
      if (archive == null) {
        throw new PostgresException(
            "unpack PostgreSQL: the class path holds no " + ARCHIVE + "; only x86-64 is bundled");
      }
      try (TarArchiveInputStream tar =
          new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          extract(tar, entry, target);
        }
      }
    }
  }

  private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    Path path = target.resolve(entry.getName()).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("archive entry " + entry.getName() + " leads outside");
    }
    if (entry.isDirectory()) {
      Durable.directories(path, EXECUTABLE);
    } else {
      Durable.directories(path.getParent(), EXECUTABLE);
      if (entry.isSymbolicLink()) {
        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        return;
      }
      Files.copy(tar, path);
    }
    boolean executable = entry.isDirectory() || (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(path, executable ? EXECUTABLE : READABLE);
  }

  private static void syncTree(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        if (!Files.isSymbolicLink(path)) {
          Durable.sync(path);
        }
      }
    }
  }

  /** Other majors stay: their programs are what reads a data directory of that major. */
  private void removeFormer() throws IOException {
    String prefix = "dist-" + major() + ".";
    try (DirectoryStream<Path> siblings =
        Files.newDirectoryStream(home.getParent(), prefix + "*")) {
      for (Path sibling : siblings) {
        if (!sibling.equals(home)) {
          Durable.deleteTree(sibling);
        }
      }
    }
  }
}
