package io.joblet.storage.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where the socket will be. Whoever can open the socket is root to the daemon, so its directory is
 * closed before the socket is there.
 */
public final class SocketPlace {
  /** sun_path without its final NUL (unix(7)). */
  private static final int LONGEST_PATH = 107;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private SocketPlace() {}

  /**
   * Makes the directories that are missing, 0700, and removes a socket nobody answers on. Changes
   * no directory that is there: a wrong path in the configuration must not close somebody else's.
   *
   * @throws StartException when a directory is open to others, another daemon answers, or something
   *     else is in the socket's place
   */
  public static void prepare(Path runDirectory, Path socket) {
    try {
      closedDirectory(runDirectory);
      closedDirectory(socket.toAbsolutePath().getParent());
      if (socket.toString().getBytes(UTF_8).length > LONGEST_PATH) {
        throw new StartException(
            "joblet.socket: " + socket + " is longer than " + LONGEST_PATH + " bytes");
      }
      removeStale(socket);
    } catch (IOException e) {
      throw new StartException("prepare the socket " + socket + ": " + e.getMessage(), e);
    }
  }

  private static void closedDirectory(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      Path parent = directory.toAbsolutePath().getParent();
      if (!Files.isDirectory(parent)) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    PosixFileAttributes found = Files.readAttributes(directory, PosixFileAttributes.class);
    boolean ours = Files.getAttribute(directory, "unix:uid").equals(self());
    if (!ours || !OWNER_ONLY.containsAll(found.permissions())) {
      throw new StartException(
          "the directory "
              + directory
              + " of the socket or the lock is open to others ("
              + found.owner().getName()
              + " "
              + PosixFilePermissions.toString(found.permissions())
              + "); chmod 0700 and chown it, or name another one");
    }
  }

  private static Object self() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  private static void removeStale(Path socket) throws IOException {
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(socket, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new StartException("joblet.socket: " + socket + " is there and is no socket");
    }
    if (answers(socket)) {
      throw new StartException("another daemon answers on " + socket);
    }
    Files.delete(socket);
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException nobody) {
      return false;
    }
  }
}
